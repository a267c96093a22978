import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { type SlackWorkspace, startSlack } from '../../../playground/slack/start-slack.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function startChild(slack: SlackWorkspace, name: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./child-bot.ts', import.meta.url));
  const child = spawn(process.execPath, [script, slack.apiUrl, name], { stdio: 'inherit' });
  children.push(child);
  await expect.poll(async () => (await slack.sockets()).length, { timeout: 15_000 }).toBe(1);
  return child;
}

test('the workspace outlives a killed bot, and gives what it missed to the next one', {
  timeout: 40_000,
}, async () => {
  const slack = await startSlack({ pace: { retryDelaysMs: Array(60).fill(500) } });
  const first = await startChild(slack, 'first');
  const before = await slack.as('U0RAJ').post('#checkout', 'hello @slipway');
  await slack.waitFor((sight) => sight.messages.find((each) => each.threadTs === before.ts));

  first.kill('SIGKILL');
  await once(first, 'exit');
  await expect.poll(async () => (await slack.sockets()).length, { timeout: 5_000 }).toBe(0);
  const outcome = await slack.as('U0RAJ').command('#checkout', '/feature nobody is there');
  expect(outcome.kind).toBe('failed');

  const missed = await slack.as('U0RAJ').post('#checkout', 'and now, @slipway?');
  const silence = await slack.thread(missed.ts);
  expect(silence).toHaveLength(1);
  const second = await startChild(slack, 'second');
  const reply = await slack.waitFor((sight) => sight.messages.find((each) => each.threadTs === missed.ts), {
    timeoutMs: 25_000,
  });
  expect(reply.text).toBe('second heard you');
  expect((await slack.messages('#checkout')).map((each) => each.text)).toEqual([
    'hello <@U0SLIPWAY>',
    'and now, <@U0SLIPWAY>?',
  ]);
  expect((await slack.log()).duplicates).toBe(0);
  second.kill('SIGKILL');
  await once(second, 'exit');
  await slack.stop();
});
