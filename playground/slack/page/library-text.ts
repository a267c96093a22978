/** Stops the renderer from seeing markup where Slack sees none; has no width on the screen. */
const GUARD = '\u2060';

type TextObject = { readonly type?: unknown; readonly text?: unknown };

/**
 * The block renderer reads mrkdwn as if it were Markdown: it turns escaped `&lt;@U1&gt;` into a mention, drops lines
 * that start with `#` or `---`, formats plain text, and takes `verbatim` (no automatic links) for "no markup at all".
 * This gives it the same words in a form it shows rightly.
 */
export function forLibrary<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (_key, part) => {
    if (!isText(part)) return part;
    if (part.type === 'mrkdwn') return { type: 'mrkdwn', text: guarded(part.text) };
    const plain = /[*_~`<>&#]/.test(part.text);
    return { type: 'plain_text', text: part.text, ...(plain ? { verbatim: true } : {}) };
  });
}

function isText(part: TextObject | null): part is { type: 'mrkdwn' | 'plain_text'; text: string } {
  return (
    typeof part === 'object' &&
    part !== null &&
    (part.type === 'mrkdwn' || part.type === 'plain_text') &&
    typeof part.text === 'string'
  );
}

/** Mrkdwn whose lines begin no Markdown block, whose escapes stay text, and whose lone signs stay signs. */
export function guarded(mrkdwn: string): string {
  return mrkdwn
    .split('```')
    .map((part, index) => (index % 2 === 1 ? plainSigns(unescaped(part)) : guardedProse(part)))
    .join('```');
}

/** Starts of headings, tables, rules, definitions and code by indentation. */
const BLOCK_START = /^(?:[#=|:[\s+\-\d]|[_*~\s]+$)/;

/** Stands for a piece of inline code while the words around it are looked at. */
const CODE = '\uE000';

function guardedProse(prose: string): string {
  const codes: string[] = [];
  const masked = prose.replace(/`[^`\n]+`/g, (code) => {
    codes.push(plainSigns(code));
    return CODE;
  });
  return guardedWords(masked)
    .split('\n')
    .map((line) => (line !== '' && BLOCK_START.test(line) ? GUARD + line : line))
    .join('\n')
    .replaceAll(CODE, () => codes.shift() ?? '')
    .replaceAll('&lt;', `<${GUARD}`)
    .replaceAll('&gt;', `${GUARD}>`)
    .replaceAll('&amp;', '&');
}

/** Pairs that Slack formats: not inside a word, no space just within. */
const FORMATTED =
  /((?<![\w*])\*(?=[^\s*])[^*\n]*(?<=[^\s*])\*(?![\w*])|(?<![\w~])~(?=[^\s~])[^~\n]*(?<=[^\s~])~(?![\w~]))/;

function guardedWords(words: string): string {
  return words
    .split(FORMATTED)
    .map((part, index) => (index % 2 === 1 ? part : plainSigns(part)))
    .join('')
    .replace(/\\|\](?=\()|_(?=_)/g, (sign) => sign + GUARD);
}

/** The renderer pairs up every `*` and `~` it finds, even in code; these look the same and are left alone. */
function plainSigns(text: string): string {
  return text.replaceAll('*', '∗').replaceAll('~', '∼');
}

function unescaped(code: string): string {
  return code
    .replace(/^\n|\n$/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
