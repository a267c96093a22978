import { Hono } from 'hono';
import type { World } from './routes.ts';

/** Plain pages, so that the links people get in the thread show something. */
export function pagesOf(world: World): Hono {
  const app = new Hono();
  app.get('/', (c) => {
    const items = world.store
      .all()
      .toReversed()
      .map(
        ({ key, summary }) => `<li><a href="${world.url}/browse/${key}">${key}</a> ${escaped(summary)}</li>`,
      );
    return c.html(frame('Issues', `<h1>Issues</h1><ul>${items.join('')}</ul>`));
  });
  app.get('/browse/:key', (c) => {
    const issue = world.store.find(c.req.param('key') ?? '');
    if (!issue) return c.html(frame('Not found', '<h1>Not found</h1>'), 404);
    const { key, issueType, status, summary, labels, reporter, description } = issue;
    const facts = [issueType, status, `reported by ${reporter}`, ...labels].map(escaped).join(' · ');
    return c.html(
      frame(
        key,
        `<p>${key}</p><h1>${escaped(summary)}</h1><p>${facts}</p><pre>${escaped(description)}</pre>`,
      ),
    );
  });
  return app;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function frame(title: string, body: string): string {
  return `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title><style>body{font:15px/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap}</style>${body}`;
}
