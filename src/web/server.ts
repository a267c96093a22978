import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { FeatureState } from '../domain/feature/state.ts';
import type { RolloutState } from '../domain/rollout/state.ts';
import { listPage } from './list-page.ts';
import { rolloutPage } from './rollout-page.ts';
import { runPage } from './run-page.ts';
import { ticksOf } from './ticks.ts';
import type { TimelineEvent } from './timeline.ts';

/** What the pages read; nothing here changes anything. */
export type Records = {
  feature(id: string): Promise<FeatureState | undefined>;
  features(): Promise<readonly FeatureState[]>;
  rollout(id: string): Promise<RolloutState | undefined>;
  rollouts(): Promise<readonly RolloutState[]>;
  timeline(id: string): Promise<readonly TimelineEvent[]>;
  /** Exposed against control over time, as a PNG; undefined when nothing was counted yet. */
  chart(id: string): Promise<Uint8Array | undefined>;
  /** Large content that an event names by its SHA-256: a prompt, an answer, a context, a change, a report. */
  blob(sha256: string): Promise<string | undefined>;
  /** Undefined when all is well, else the sentence that says what is not. */
  unwell(): Promise<string | undefined>;
};

export type Web = { readonly url: string; close(): Promise<void> };

/** The run pages and the health check. Binds to `host`; put a proxy with a login in front of it to share it. */
export async function startWeb(options: {
  readonly host: string;
  readonly port: number;
  readonly records: Records;
}): Promise<Web> {
  const { host, port, records } = options;
  const server = serve({ fetch: pages(records).fetch, hostname: host, port });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host}:${bound}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The routes, apart from any socket. */
export function pages(records: Records): Hono {
  const app = new Hono();
  app.get('/health', async (context) => {
    const problem = await records.unwell();
    return context.json(
      problem === undefined ? { ok: true } : { ok: false, problem },
      problem === undefined ? 200 : 503,
    );
  });
  app.get('/', (context) => context.redirect('/features'));
  app.get('/features', async (context) =>
    context.html(listPage(await records.features(), await records.rollouts())),
  );
  app.get('/features/:id', async (context) => {
    const id = context.req.param('id');
    const json = id.endsWith('.json');
    const name = json ? id.slice(0, -'.json'.length) : id;
    const state = await records.feature(name);
    if (!state) return context.text(`There is no feature ${name}. All of them are at /features.`, 404);
    const timeline = await records.timeline(name);
    return json ? context.json({ state, timeline }) : context.html(runPage(state, timeline));
  });
  app.get('/rollouts/:id', async (context) => {
    const id = context.req.param('id');
    const json = id.endsWith('.json');
    const name = json ? id.slice(0, -'.json'.length) : id;
    const state = await records.rollout(name);
    if (!state) return context.text(`There is no rollout ${name}. All of them are at /features.`, 404);
    const timeline = await records.timeline(name);
    return json ? context.json({ state, timeline }) : context.html(rolloutPage(state, timeline));
  });
  app.get('/rollouts/:id/ticks.jsonl', async (context) => {
    const id = context.req.param('id');
    const state = await records.rollout(id);
    if (!state) return context.text(`There is no rollout ${id}. All of them are at /features.`, 404);
    return context.text(ticksOf(state, await records.timeline(id)));
  });
  app.get('/rollouts/:id/chart.png', async (context) => {
    const chart = await records.chart(context.req.param('id'));
    if (!chart) return context.text('Nothing was counted yet.', 404);
    return context.body(new Uint8Array(chart), 200, { 'Content-Type': 'image/png' });
  });
  app.get('/blobs/:sha256{[0-9a-f]{64}}', async (context) => {
    const sha256 = context.req.param('sha256');
    const content = await records.blob(sha256);
    if (content === undefined) return context.text(`There is no content with the SHA-256 ${sha256}.`, 404);
    // Written by models and people: never anything but text to a browser.
    return context.text(content, 200, { 'X-Content-Type-Options': 'nosniff' });
  });
  return app;
}
