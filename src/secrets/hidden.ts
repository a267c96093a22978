import { matchRules, type Span } from './match.ts';

/** Secrets that are only visible after one step of undoing: an encoding, or a literal cut in pieces. */
export type HiddenSpan = Span & { readonly form: 'base64' | 'hex' | 'joined' };

const longest = 65_536;

/** Base64 and hex strings of 24 characters or more are decoded once and matched again; the finding is the encoded string. */
export function matchEncoded(text: string): readonly HiddenSpan[] {
  return [...text.matchAll(/[A-Za-z0-9+/_-]{24,}={0,2}/g)].flatMap((found): HiddenSpan[] => {
    const encoded = found[0];
    if (encoded.length > longest) return [];
    const isHex = /^(?:[0-9a-f]{2})+$|^(?:[0-9A-F]{2})+$/.test(encoded);
    const form = isHex ? ('hex' as const) : ('base64' as const);
    const decoded = readable(Buffer.from(encoded, form));
    if (decoded === undefined) return [];
    const first = matchRules(decoded)[0];
    return first === undefined
      ? []
      : [{ rule: first.rule, form, start: found.index, end: found.index + encoded.length }];
  });
}

function readable(bytes: Buffer): string | undefined {
  const plain = bytes.reduce(
    (sum, byte) => sum + (byte === 10 || byte === 13 || byte === 9 || (byte >= 32 && byte < 127) ? 1 : 0),
    0,
  );
  return bytes.length > 0 && plain / bytes.length > 0.95 ? bytes.toString('latin1') : undefined;
}

const literal = String.raw`"(?:[^"\\\n]|\\.){0,4000}"|'(?:[^'\\\n]|\\.){0,4000}'|\x60(?:[^\x60\\\n]|\\.){0,4000}\x60`;
const joint = String.raw`[ \t]{0,40}(?:\\?\r?\n[ \t]{0,80})?[+.,&]?[ \t]{0,40}(?:\r?\n[ \t]{0,80})?\+?[ \t]{0,80}`;
const anyJoint = new RegExp(`["'\\x60]${joint}["'\\x60]`);
const onlyJoint = new RegExp(`^${joint}$`);

/** String literals that stand next to each other (`'a' + 'b'`, `['a', 'b'].join('')`, `"a" "b"`) are read as one. */
export function matchJoined(text: string): readonly HiddenSpan[] {
  if (!anyJoint.test(text)) return [];
  const literals = [...text.matchAll(new RegExp(literal, 'g'))];
  const chains: (typeof literals)[] = [];
  for (const next of literals) {
    const chain = chains.at(-1);
    const last = chain?.at(-1);
    const between = last === undefined ? '' : text.slice(last.index + last[0].length, next.index);
    if (chain !== undefined && between.length < 340 && onlyJoint.test(between)) chain.push(next);
    else chains.push([next]);
  }
  return chains.filter((chain) => chain.length > 1).flatMap(spansOfChain);
}

function spansOfChain(chain: readonly RegExpExecArray[]): readonly HiddenSpan[] {
  const pieces = chain.map((piece) => piece[0].slice(1, -1));
  let length = 0;
  const edges = pieces.map((piece) => {
    length += piece.length;
    return length;
  });
  return matchRules(pieces.join('')).flatMap((span): HiddenSpan[] => {
    const from = edges.findIndex((edge) => span.start < edge);
    const to = edges.findIndex((edge) => span.end <= edge);
    const first = chain[from];
    const last = chain[to];
    const isInOnePiece =
      edges.findIndex((edge) => span.matched.start < edge) ===
      edges.findIndex((edge) => span.matched.end <= edge);
    if (first === undefined || last === undefined || isInOnePiece) return [];
    return [
      { rule: span.rule, form: 'joined', start: first.index + 1, end: last.index + last[0].length - 1 },
    ];
  });
}
