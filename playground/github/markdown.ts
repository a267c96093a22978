import { Marked } from 'marked';

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const marked = new Marked({
  gfm: true,
  renderer: {
    // Comments are not shown, as on GitHub; any other HTML of the author's is shown, not run.
    html: ({ text }) => (text.trimStart().startsWith('<!--') ? '' : escaped(text)),
    link({ href, tokens }) {
      const label = this.parser.parseInline(tokens);
      return /^(https?:|\/|#)/.test(href) ? `<a href="${escaped(href)}">${label}</a>` : label;
    },
    image: ({ text }) => escaped(text),
  },
});

/** A pull request's Markdown as HTML; no HTML of the author's gets through. */
export function htmlOf(markdown: string): string {
  return marked.parse(markdown, { async: false });
}
