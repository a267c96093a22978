import type { Span } from './match.ts';

/** Shorter values would redact ordinary words. */
const shortest = 8;

/** The deployment's own secret values, wherever they stand in plain, base64 (also inside a longer one), hex, URL or JSON form. */
export function knownValueMatcher(values: readonly string[]): (text: string) => readonly Span[] {
  const needles = [...new Set(values.filter((value) => value.length >= shortest).flatMap(formsOf))].sort(
    (a, b) => b.length - a.length,
  );
  return (text) =>
    needles.flatMap((needle) => {
      const spans: Span[] = [];
      for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length))
        spans.push({ rule: 'own-secret', start: at, end: at + needle.length });
      return spans;
    });
}

function formsOf(value: string): readonly string[] {
  const hex = Buffer.from(value).toString('hex');
  return [
    value,
    hex,
    hex.toUpperCase(),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    ...base64Forms(value),
  ];
}

/** Base64 of `value` at each of the three alignments, without the characters its neighbours would change. */
function base64Forms(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
    const from = Math.ceil((shift * 4) / 3);
    const plain = whole.toString('base64').slice(from, Math.floor((whole.length * 4) / 3));
    return plain.length < shortest ? [] : [plain, plain.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
