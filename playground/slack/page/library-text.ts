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

/** Mrkdwn whose lines begin no Markdown block and whose escapes stay text; code fences are left as they are. */
export function guarded(mrkdwn: string): string {
  return mrkdwn
    .split('```')
    .map((part, index) => (index % 2 === 1 ? unescaped(part) : guardedProse(part)))
    .join('```');
}

function guardedProse(prose: string): string {
  return prose
    .split('\n')
    .map((line) => (/^[\p{L}>]|^$/u.test(line) ? line : GUARD + line))
    .join('\n')
    .replace(/\\|\](?=\()|_(?=_)|\*(?=\*)/g, (sign) => sign + GUARD)
    .replaceAll('&lt;', `<${GUARD}`)
    .replaceAll('&gt;', `${GUARD}>`)
    .replaceAll('&amp;', '&');
}

function unescaped(code: string): string {
  return code
    .replace(/^\n|\n$/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
