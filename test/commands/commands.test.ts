import { describe, expect, test } from 'vitest';
import type { Input } from '../../commands/command.ts';
import { commands } from '../../commands/index.ts';
import { startStory } from '../domain/feature/story.ts';

const open = startStory();
open.ask({ words: 'Say <b>hello</b> & `goodbye`' });
const waiting = startStory();
waiting.ask();
waiting.read();
waiting.interview(0);
waiting.specify();
const ended = startStory();
ended.ask({ words: 'An ended one' });
ended.send({ type: 'stop' }, { kind: 'person', id: 'U0RAJ', name: 'raj', rights: [] });

function run(name: string, text: string, more: Partial<Input> = {}) {
  const command = commands.find((candidate) => candidate.name === name);
  return command?.run({
    text,
    person: { id: 'U0RAJ', name: 'raj', approves: false },
    longest: 50,
    features: async () => [open.state(), waiting.state(), ended.state()],
    rollouts: async () => [],
    queue: async () => ({ think: { waiting: 2, active: 1 }, tell: { waiting: 0, active: 0 } }),
    ...more,
  });
}

describe('/feature', () => {
  test('words ask, no words open a dialog', async () => {
    expect(await run('/feature', '  gift wrap ')).toEqual({ kind: 'ask', words: 'gift wrap' });
    expect(await run('/feature', '   ')).toEqual({ kind: 'dialog', words: '' });
  });

  test('too many words come back whole, with the number, unable to call anybody', async () => {
    const words = '<!here> '.repeat(10).trim();
    const reply = await run('/feature', words);
    expect(reply).toMatchObject({ kind: 'tell', text: expect.stringMatching(/79 characters; 50 are/) });
    expect(JSON.stringify(reply)).toContain('&lt;!here&gt; '.repeat(10).trim());
  });
});

describe('/slipway', () => {
  test.each<[string, RegExp, RegExp]>([
    ['help', /\/feature/, /Queue/],
    ['running', /Say &lt;b&gt;hello&lt;\/b&gt; &amp; 'goodbye'/, /An ended one/],
    ['queue', /think: 1 in hand, 2 waiting/, /• tell/],
    ['MINE', /Waiting for you/, /An ended one/],
    ['', /Queue/, /An ended one/],
    ['fly <away>', /no `\/slipway fly &lt;away&gt;`/, /<away>/],
  ])('%s', async (word, says, saysNot) => {
    const reply = await run('/slipway', word);
    expect(reply?.kind).toBe('tell');
    expect(JSON.stringify(reply)).toMatch(says);
    expect(JSON.stringify(reply)).not.toMatch(saysNot);
  });

  test('a spec waits for whoever may approve it', async () => {
    const mine = await run('/slipway', 'mine', { person: { id: 'U0MEI', name: 'mei', approves: true } });
    expect(JSON.stringify(mine)).toContain('Free shipping');
    const notMine = await run('/slipway', 'mine', { person: { id: 'U0ANA', name: 'ana', approves: false } });
    expect(JSON.stringify(notMine)).toContain('nothing');
  });
});
