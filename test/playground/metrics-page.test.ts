import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { rolloutSettings } from '../../src/domain/rollout/settings.ts';
import { workflow } from '../../src/domain/workflow.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFile(join(root, path), 'utf8');

it('shows the middleware of the shop as it is', async () => {
  const page = await read('docs/metrics.md');
  expect(page).toContain(`\`\`\`ts\n${await read('playground/shop/src/http/metrics.ts')}\`\`\`\n`);
});

it('shows settings that the schema takes', async () => {
  const page = await read('docs/metrics.md');
  const [shown] = [...page.matchAll(/```yaml\n(rollout:[^`]*)```/g)].map(([, text = '']) => text);
  const { rollout } = parse(shown ?? '');
  expect(rolloutSettings.parse(rollout).metrics.map(({ name }) => name)).toEqual([
    'orders that fail',
    'slow checkout',
  ]);
});

it('names counters and boundaries that the shop has, in the settings of the shop', async () => {
  const { rollout } = workflow.parse(parse(await read('playground/shop/.slipway.yml')));
  const middleware = await read('playground/shop/src/http/metrics.ts');
  const boundaries = JSON.parse(`[${/boundaries = \[(.*), Infinity\]/.exec(middleware)?.[1] ?? ''}]`);
  for (const { source } of rollout?.metrics ?? []) {
    if (source.type === 'events')
      for (const selector of [source.total, source.bad]) expect(selector).toMatch(/^http_requests_total/);
    if (source.type === 'latency') {
      expect(source.buckets).toMatch(/^http_request_duration_seconds_bucket\{/);
      expect(boundaries).toEqual(expect.arrayContaining(source.boundaries));
    }
  }
  expect(rollout?.metrics.map(({ kind }) => kind)).toEqual(['guardrail', 'guardrail', 'success']);
});
