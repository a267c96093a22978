import { expect, test } from 'vitest';
import { createLog } from '../src/log.ts';

/** What one call writes, without its time. */
function written(log: (log: ReturnType<typeof createLog>) => void, secrets: readonly string[] = []): unknown {
  const lines: string[] = [];
  log(createLog({ level: 'info', secrets, write: (line) => lines.push(line) }));
  return lines.map((line) => {
    const { time, ...rest } = JSON.parse(line);
    expect(new Date(time).toISOString()).toBe(time);
    return rest;
  });
}

test('one line has the level, the sentence and the facts', () => {
  expect(written((log) => log.warn('A job will be tried again', { job: 'interview', attempt: 2 }))).toEqual([
    { level: 'warn', msg: 'A job will be tried again', job: 'interview', attempt: 2 },
  ]);
});

test('what is below the level is not written', () => {
  expect(written((log) => log.debug('detail'))).toEqual([]);
});

test.each([
  ['a known value in the sentence', 'with hunter22!', {}, 'with (masked)', {}],
  ['a known value deep inside', 'x', { a: [{ b: 'is hunter22!.' }] }, 'x', { a: [{ b: 'is (masked).' }] }],
  [
    'a known value in base64',
    Buffer.from('key hunter22!').toString('base64'),
    {},
    expect.stringContaining('(masked)'),
    {},
  ],
  ['a known value as a key', 'x', { 'hunter22!': 1 }, 'x', { '(masked)': 1 }],
  [
    'a key that names a secret',
    'x',
    { headers: { Authorization: 'Basic YTpi' } },
    'x',
    { headers: { Authorization: '(masked)' } },
  ],
  ['counts of tokens stay', 'x', { inputTokens: 12, maxTokens: 9 }, 'x', { inputTokens: 12, maxTokens: 9 }],
  ['a token nobody told us about', 'got xoxb-123456-abcdef', {}, 'got (masked)', {}],
  [
    'a password in an address',
    'x',
    { url: 'postgres://me:hush@db/slipway' },
    'x',
    { url: 'postgres://me:(masked)@db/slipway' },
  ],
])('masks %s', (_what, message, fields, msg, expected) => {
  expect(written((log) => log.info(message, fields), ['hunter22!', 'a'])).toEqual([
    { level: 'info', msg, ...expected },
  ]);
});

test('a secret inside another leaves nothing behind', () => {
  expect(written((log) => log.info('abcdef-123456'), ['abcdef-12', 'abcdef-123456'])).toEqual([
    { level: 'info', msg: '(masked)' },
  ]);
});

test('an error is written with its causes, masked, and a circle ends', () => {
  const circle: Record<string, unknown> = { name: 'round' };
  circle.self = circle;
  const error = new Error('refused hunter22!', { cause: new Error('socket') });
  expect(written((log) => log.error('It went wrong', { error, circle }), ['hunter22!'])).toMatchObject([
    {
      error: { message: 'refused (masked)', cause: { message: 'socket' } },
      circle: { name: 'round', self: '(circular)' },
    },
  ]);
});
