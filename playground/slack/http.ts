import { type Context as Call, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { type Control, isControlName, perform } from './control.ts';
import type { Change } from './model.ts';
import type { Page } from './page/bundle.ts';
import { respond } from './people/respond.ts';
import { Refusal } from './refusal.ts';
import type { Context } from './web-api/method.ts';
import type { createWebApi } from './web-api/methods.ts';

/** The routes: Slack's own (Web API, response URLs, files), the control side, and the page. */
export function createRoutes(parts: {
  readonly context: Context;
  readonly webApi: ReturnType<typeof createWebApi>;
  readonly control: Control;
  readonly page: Page;
}): Hono {
  const { context, webApi, control, page } = parts;
  const { world } = context;
  const routes = new Hono();

  routes.all('/api/:method', async (call) => {
    const args = await readArgs(call);
    const bearer = /^Bearer (.+)$/.exec(call.req.header('authorization') ?? '')?.[1];
    const token = bearer ?? (typeof args.token === 'string' ? args.token : undefined);
    const answer = webApi({ method: call.req.param('method'), token, args });
    if (answer.silent) {
      await new Promise<void>((resolve) => call.req.raw.signal.addEventListener('abort', () => resolve()));
    }
    return new Response(JSON.stringify(answer.body), {
      status: answer.status,
      headers: { 'content-type': 'application/json; charset=utf-8', ...answer.headers },
    });
  });

  routes.post('/response/:id', async (call) => {
    try {
      const body: unknown = await call.req.json();
      const fields = typeof body === 'object' && body !== null ? { ...body } : {};
      respond(world, context.responseUrls.redeem(call.req.param('id')), fields);
      return call.text('ok');
    } catch (error) {
      if (error instanceof Refusal) return call.text(error.code, error.code.endsWith('_url') ? 404 : 400);
      if (error instanceof SyntaxError) return call.text('invalid_payload', 400);
      throw error;
    }
  });

  routes.post('/upload/v1/:id', async (call) => {
    const upload = world.uploads.get(call.req.param('id'));
    if (!upload) return call.text('file_not_found', 404);
    const content = await readUpload(call);
    world.uploads.set(upload.file.id, { ...upload, content });
    return call.text(`OK - ${content.length}`);
  });
  routes.get('/files-pri/:id/:name', (call) => {
    const upload = world.uploads.get(call.req.param('id'));
    if (!upload?.content) return call.text('file_not_found', 404);
    return new Response(new Uint8Array(upload.content), {
      headers: { 'content-type': upload.file.mimetype },
    });
  });

  routes.get('/_playground/changes', (call) =>
    streamSSE(call, async (stream) => {
      const send = (change: Change): void => void stream.writeSSE({ data: JSON.stringify(change) });
      world.watchers.add(send);
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      world.watchers.delete(send);
    }),
  );
  routes.post('/_playground/:name', async (call) => {
    const name = call.req.param('name');
    if (!isControlName(name)) return call.text(`The workspace has no control "${name}".`, 404);
    try {
      return call.json(await perform(control, name, await call.req.json()));
    } catch (error) {
      return call.text(error instanceof Error ? error.message : String(error), 400);
    }
  });

  routes.get('/page.js', async (call) => call.body(await page.script(), 200, { 'content-type': JS }));
  routes.get('/page.css', async (call) => call.body(await page.style(), 200, { 'content-type': 'text/css' }));
  routes.get('/favicon.ico', (call) => call.body(null, 204));
  routes.get('*', async (call) => call.html(await page.document()));
  return routes;
}

const JS = 'text/javascript; charset=utf-8';

/** Arguments come as a form (the SDK), as JSON, or in the address. */
async function readArgs(call: Call): Promise<Record<string, unknown>> {
  const query = call.req.query();
  const type = call.req.header('content-type') ?? '';
  if (type.startsWith('application/json')) {
    const body: unknown = await call.req.json().catch(() => ({}));
    return { ...query, ...(typeof body === 'object' ? body : {}) };
  }
  if (type.includes('form')) return { ...query, ...(await call.req.parseBody()) };
  return query;
}

/** The bytes of an upload: the body itself, or the one file of a form. */
async function readUpload(call: Call): Promise<Buffer> {
  if (!call.req.header('content-type')?.startsWith('multipart/form-data')) {
    return Buffer.from(await call.req.arrayBuffer());
  }
  const form = await call.req.formData();
  for (const field of form.values()) {
    return typeof field === 'string' ? Buffer.from(field) : Buffer.from(await field.arrayBuffer());
  }
  return Buffer.alloc(0);
}
