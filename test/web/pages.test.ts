import { expect, test } from 'vitest';
import { pages, type Records } from '../../src/web/server.ts';
import { startStory, thinking } from '../domain/feature/story.ts';
import { counts, plan, rolloutOf, sight } from '../jobs/rollout/doors.ts';

const story = startStory().untilProof({ title: 'Free <script>shipping' });
story.prove('fail', ['AC-1']);
const ramp = rolloutOf({
  title: 'Free <script>shipping',
  phase: {
    kind: 'holding',
    reason: 'person',
    because: 'Tom looks first.',
    since: '2026-11-21T10:00:00.000Z',
  },
  wanted: { percent: 5 },
  stages: [{ environment: 'production', percent: 5, from: '2026-11-21T10:00:00.000Z' }],
});
const records: Records = {
  feature: async (id: string) => (id === 'f-test' ? story.state() : undefined),
  features: async () => [story.state()],
  rollout: async (id: string) => (id === 'r-test' ? ramp : undefined),
  rollouts: async () => [ramp],
  chart: async (id: string) => (id === 'r-test' ? new Uint8Array([137, 80, 78, 71]) : undefined),
  timeline: async () => [
    {
      seq: 1,
      event: {
        type: 'questions-asked',
        because: 'The request leaves 1 question open.',
        questions: [],
        thinking: thinking(0.02),
      },
      by: 'interview',
      at: '2026-11-21T10:00:00.000Z',
      hash: 'a'.repeat(64),
    },
  ],
  blob: async (sha256: string) => (sha256 === 'a'.repeat(64) ? '<b>the prompt</b>' : undefined),
  unwell: async () => undefined,
};

test.each([
  ['/health', 200, '"ok":true'],
  ['/features', 200, '/features/f-test'],
  ['/features/f-test', 200, 'Attempt 1: not proved'],
  ['/features/f-test', 200, 'The request leaves 1 question open.'],
  ['/features/f-test', 200, 'standard-1, 1000 tokens in, 200 out, $0.02'],
  ['/features/f-test', 200, `/blobs/${'c'.repeat(64)}`],
  ['/features/f-test.json', 200, '"phase"'],
  ['/features/f-none', 404, 'There is no feature f-none'],
  ['/features', 200, 'holds at 5 % of production: Tom looks first.'],
  ['/rollouts/r-test', 200, 'Rollout of free-shipping'],
  ['/rollouts/r-test', 200, 'errors_total of requests_total'],
  ['/rollouts/r-test', 200, 'at most 1 % chance of a false halt'],
  ['/rollouts/r-test.json', 200, '"holding"'],
  ['/rollouts/r-none', 404, 'There is no rollout r-none'],
  ['/rollouts/r-test/chart.png', 200, 'PNG'],
  ['/rollouts/r-none/chart.png', 404, 'Nothing was counted yet.'],
  [`/blobs/${'d'.repeat(64)}`, 404, 'There is no content'],
])('%s answers %i with %s', async (path, status, text) => {
  const response = await pages(records).request(path);
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(text);
});

test('the ticks of a rollout are lines that can be replayed', async () => {
  const tick = {
    at: '2026-11-21T10:00:30.000Z',
    from: '2026-11-21T10:00:00.000Z',
    readings: {
      errors: counts(10, 990),
      slow: {
        kind: 'counts',
        strata: [
          { exposed: { n: 10, bad: 5 }, control: { n: 990, bad: 500 } },
          { exposed: { n: 10, bad: 1 }, control: { n: 990, bad: 99 } },
        ],
      },
      queue: { kind: 'gauge', exposed: 3, control: 2 },
      orders: counts(500, 400),
    },
    flag: { ...sight, percent: 5 },
  } as const;
  const event = { type: 'ticked', tick, verdict: 'undecided', because: 'Undecided.' } as const;
  const by = { by: 'watch', at: tick.at, hash: 'b'.repeat(64) };
  const timeline = async () => [{ seq: 1, event, ...by }];
  const [metric] = plan.metrics;
  const metrics = ['errors', 'slow', 'queue'].flatMap((name) => (metric ? [{ ...metric, name }] : []));
  const rollout = async () => rolloutOf({ plan: { ...plan, metrics } });
  const asked = pages({ ...records, rollout, timeline });
  const response = await asked.request('/rollouts/r-test/ticks.jsonl');
  const lines = (await response.text()).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { at: tick.at, metric: 'errors', stage: 5, exposed: { n: 10, bad: 0 }, control: { n: 990, bad: 0 } },
    { at: tick.at, metric: 'slow 1', stage: 5, exposed: { n: 10, bad: 5 }, control: { n: 990, bad: 500 } },
    { at: tick.at, metric: 'slow 2', stage: 5, exposed: { n: 10, bad: 1 }, control: { n: 990, bad: 99 } },
  ]);
});

test('text of people and models is escaped', async () => {
  const body = await (await pages(records).request('/features/f-test')).text();
  expect(body).toContain('Free &lt;script&gt;shipping');
  expect(body).not.toContain('Free <script>');
});

test('a prompt, an answer or a report is text to a browser, whatever is in it', async () => {
  const response = await pages(records).request(`/blobs/${'a'.repeat(64)}`);
  expect(await response.text()).toBe('<b>the prompt</b>');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test('health says what is wrong', async () => {
  const response = await pages({ ...records, unwell: async () => 'The database does not answer.' }).request(
    '/health',
  );
  expect(response.status).toBe(503);
});
