import { html, raw } from 'hono/html';

const styles = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto 4rem; padding: 0 1rem; color: #1d1c1d; }
  h1 { font-size: 1.5rem; margin: .2rem 0; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .4rem; } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
  a { color: #0b5a8f; } p { margin: .4rem 0; } ul { margin: .3rem 0; padding-left: 1.2rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .8rem 0; } dt { color: #616061; } dd { margin: 0; }
  table { border-collapse: collapse; width: 100%; margin: .4rem 0; } th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #e5e5e5; vertical-align: top; }
  th { font-weight: 600; color: #616061; font-size: .87em; } .short { white-space: nowrap; width: 1%; }
  code { font-size: .85em; } pre { margin: .2rem 0; padding: .5rem .7rem; background: #f6f8fa; border-radius: 6px; font-size: .82em; white-space: pre-wrap; overflow-wrap: anywhere; }
  section.attempt { border-left: 3px solid #d6dade; padding-left: 1rem; margin: 1rem 0; } .attempt.pass { border-color: #17603a; } .attempt.fail { border-color: #b3261e; }
  .red, .fail > h3 { color: #b3261e; } .green, .pass > h3 { color: #17603a; } .muted { color: #616061; } .aside { display: none; color: #616061; }
  body:has(#all:checked) .aside { display: table-row; } .digests { font-size: .87em; color: #616061; } .digests a { margin-right: .8em; }
`;

/** The frame of every page; nothing is loaded from anywhere else. */
export function page(title: string, body: unknown) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <link rel="icon" href="data:," />
        <title>${title} · Slipway</title>
        <style>${raw(styles)}</style>
      </head>
      <body>${body}</body>
    </html>`;
}

/** Large content by its SHA-256, as a link that says what it is. */
export function digest(what: string, sha256: string) {
  return html`<a href="/blobs/${sha256}" title="SHA-256 ${sha256}">${what} <code>${sha256.slice(0, 8)}</code></a> `;
}

/** `2026-11-21 10:00:05 UTC`. */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}
