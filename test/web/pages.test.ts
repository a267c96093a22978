import { expect, test } from 'vitest';
import { pages } from '../../src/web/server.ts';
import { startStory } from '../domain/feature/story.ts';

const story = startStory().untilProof({ title: 'Free <script>shipping' });
story.prove('fail', ['AC-1']);
const records = {
  feature: async (id: string) => (id === 'f-test' ? story.state() : undefined),
  features: async () => [story.state()],
  timeline: async () => [
    {
      seq: 1,
      type: 'asked',
      because: 'raj asked for it.',
      by: 'raj',
      at: '2026-11-21T10:00:00.000Z',
      hash: 'a'.repeat(64),
    },
  ],
  unwell: async () => undefined,
};

test.each([
  ['/health', 200, '"ok":true'],
  ['/features', 200, '/features/f-test'],
  ['/features/f-test', 200, 'Proof of attempt 1: fail'],
  ['/features/f-test', 200, 'raj asked for it.'],
  ['/features/f-test.json', 200, '"phase"'],
  ['/features/f-none', 404, 'There is no feature f-none'],
])('%s answers %i with %s', async (path, status, text) => {
  const response = await pages(records).request(path);
  expect(response.status).toBe(status);
  expect(await response.text()).toContain(text);
});

test('text of people and models is escaped', async () => {
  const body = await (await pages(records).request('/features/f-test')).text();
  expect(body).toContain('Free &lt;script&gt;shipping');
  expect(body).not.toContain('Free <script>');
});

test('health says what is wrong', async () => {
  const response = await pages({ ...records, unwell: async () => 'The database does not answer.' }).request(
    '/health',
  );
  expect(response.status).toBe(503);
});
