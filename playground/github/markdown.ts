/** The part of Markdown that pull requests use, as HTML. Everything is escaped first: no HTML of the author's gets through. */
export function htmlOf(markdown: string): string {
  const lines = markdown.replace(/\r\n?/g, '\n').split('\n');
  const out: string[] = [];
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length > 0) out.push(`<p>${inline(paragraph.join('\n'))}</p>`);
    paragraph = [];
  };
  while (lines.length > 0) {
    const line = lines.shift() ?? '';
    const fence = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    const heading = /^(#{1,6}) +(.*)/.exec(line);
    if (fence) {
      flush();
      const end = lines.findIndex((one) => one.trim().startsWith(fence));
      const code = lines.splice(0, end < 0 ? lines.length : end);
      lines.shift();
      out.push(`<pre><code>${escaped(code.join('\n'))}</code></pre>`);
    } else if (heading) {
      flush();
      const level = heading[1]?.length ?? 1;
      out.push(`<h${level}>${inline(heading[2] ?? '')}</h${level}>`);
    } else if (/^\s*\|.*\|\s*$/.test(line)) {
      flush();
      out.push(table([line, ...takeWhile(lines, (one) => /^\s*\|.*\|\s*$/.test(one))]));
    } else if (/^\s*([-*]|\d+\.) +/.test(line)) {
      flush();
      out.push(list([line, ...takeWhile(lines, (one) => /^\s*([-*]|\d+\.) +|^ {2,}\S/.test(one))]));
    } else if (/^\s*$/.test(line)) flush();
    else if (/^(-{3,}|\*{3,})\s*$/.test(line)) {
      flush();
      out.push('<hr>');
    } else if (line.startsWith('>')) {
      flush();
      const quoted = [line, ...takeWhile(lines, (one) => one.startsWith('>'))];
      out.push(`<blockquote>${htmlOf(quoted.map((one) => one.replace(/^> ?/, '')).join('\n'))}</blockquote>`);
    } else if (!/^\s*<!--.*-->\s*$/.test(line)) paragraph.push(line);
  }
  flush();
  return out.join('\n');
}

function takeWhile(lines: string[], holds: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !holds(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function table(rows: readonly string[]): string {
  const cells = (row: string, tag: string) =>
    `<tr>${row
      .trim()
      .slice(1, -1)
      .split('|')
      .map((cell) => `<${tag}>${inline(cell.trim())}</${tag}>`)
      .join('')}</tr>`;
  const [head = '', ...rest] = rows;
  const body = rest.filter((row) => !/^[\s|:-]+$/.test(row));
  return `<table><thead>${cells(head, 'th')}</thead><tbody>${body.map((row) => cells(row, 'td')).join('')}</tbody></table>`;
}

function list(lines: readonly string[]): string {
  const items: string[] = [];
  for (const line of lines) {
    const item = /^\s*(?:[-*]|\d+\.) +(.*)/.exec(line);
    if (item) items.push(item[1] ?? '');
    else items.push(`${items.pop() ?? ''}\n${line.trim()}`);
  }
  const tag = /^\s*\d/.test(lines[0] ?? '') ? 'ol' : 'ul';
  const marked = items.map((item) =>
    inline(item).replace(/^\[( |x)\] /, (_, x) => (x === 'x' ? '☑ ' : '☐ ')),
  );
  return `<${tag}>${marked.map((item) => `<li>${item}</li>`).join('')}</${tag}>`;
}

function inline(text: string): string {
  const codes: string[] = [];
  const parked = escaped(text).replace(/`([^`]+)`/g, (_, code: string) => {
    codes.push(code);
    return `\0${codes.length - 1}\0`;
  });
  return parked
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/(^|\W)_([^_]+)_(?=\W|$)/g, '$1<em>$2</em>')
    .replace(/\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g, '<a href="$2" rel="nofollow">$1</a>')
    .replace(/\0(\d+)\0/g, (_, index: string) => `<code>${codes[Number(index)] ?? ''}</code>`);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
