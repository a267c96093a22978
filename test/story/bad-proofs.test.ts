import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Act, actIn, textOf } from '../../playground/story/act.ts';
import { needs } from '../setup/needs.ts';
import {
  addRepository,
  alsoWrong,
  cassetteOf,
  greeting,
  right,
  workflowOf,
  writeCassettes,
  wrong,
} from './cassettes/greeting.ts';
import { type Stage, setStage } from './world.ts';

const raj = 'U0RAJ';
const mei = 'U0MEI';
const price = (name: string) => `{ name: ${name}, inputPerMillion: 20, outputPerMillion: 80 }`;
const deployment = `version: 1
channels:
  '#greeting': [acme/greeting]
  '#red': [acme/red]
  '#bad': [acme/bad]
  '#dark': [acme/dark]
models: { light: ${price('l')}, standard: ${price('s')}, strong: ${price('g')} }
people: { approve: [${mei}], stop: [${mei}], administer: [U0TOM] }
`;

const code = (content: string) => [{ kind: 'write', path: 'src/greet.js', content }];
const greet =
  "export function greet(name, language = 'en') {\n  return language === 'de' ? 'Hallo ' + name : 'Hello ' + name;\n}\n";
const bad = {
  'Greet and leave': `${greet}process.exit(0);\n`,
  'Greet for ever': `${greet}while (true);\n`,
  'Greet loudly': `${greet}for (let i = 0; i < 2e5; i += 1) console.log('hello '.repeat(20));\n`,
  'Greet and lie': `import { writeFileSync } from 'node:fs';\nprocess.on('exit', () => { try { writeFileSync(process.env.REPORT ?? '', '<testsuites></testsuites>'); } catch {} });\n${greet}`,
  'Greet and fork': `import { spawn } from 'node:child_process';\nfor (let i = 0; i < 100; i += 1) spawn('sleep', ['100'], { stdio: 'ignore', detached: true }).unref();\n${greet}`,
};

const cassettes = [
  cassetteOf({ request: 'Greet in German' }),
  cassetteOf({ request: 'Greet wrongly', code: [[wrong], [alsoWrong], [right]] }),
  cassetteOf({ request: 'Greet by hand', code: [[wrong], [alsoWrong]] }),
  cassetteOf({ request: 'Greet no more', code: [[wrong], [alsoWrong]] }),
  cassetteOf({ request: 'Greet in the dark' }),
  ...Object.entries(bad).map(([request, content]) => cassetteOf({ request, code: [code(content)] })),
];

needs('bubblewrap')('what people read when a proof goes wrong', () => {
  let stage: Stage;
  let act: Act;
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'slipway-bad-'));
    const members = [raj, mei, 'U0TOM', 'U0SLIPWAY'];
    stage = await setStage({
      deployment,
      cassettes: await writeCassettes(join(home, 'cassettes'), cassettes),
      workspace: {
        users: [
          { id: raj, name: 'raj' },
          { id: mei, name: 'mei' },
          { id: 'U0TOM', name: 'tom' },
        ],
        channels: ['greeting', 'red', 'bad', 'dark'].map((name) => ({
          id: `C0${name.toUpperCase()}`,
          name,
          members,
        })),
      },
    });
    const { github } = stage.world;
    await addRepository(github, 'acme/greeting', greeting);
    const strict = workflowOf(
      'node --test --test-reporter=junit --test-reporter-destination=$REPORT',
      { thresholds: { attempts: 1 } },
      { timeoutSeconds: 5 },
    );
    const red =
      "import { test } from 'node:test';\ntest('is broken already', () => { throw new Error('nobody knows why'); });\n";
    await addRepository(github, 'acme/red', { ...greeting, 'test/red.test.js': red });
    await addRepository(github, 'acme/dark');
    await addRepository(github, 'acme/bad', { ...greeting, '.slipway.yml': strict });
    await stage.bot();
    act = actIn(stage.world.slack, { patienceMs: 110_000 });
  });
  afterAll(async () => {
    await stage.close();
    await rm(home, { recursive: true, force: true });
  });

  /** From the words to the approved spec; answers the thread. */
  async function approved(channel: string, words: string): Promise<string> {
    const { ts } = await stage.world.slack.as(raj).post(`#${channel}`, `<@U0SLIPWAY> ${words}`);
    await act.press(mei, ts, /approve spec v1/i);
    return ts;
  }
  const read = async (thread: string, words: RegExp) => textOf(await act.see(thread, words, 110_000));
  const decision = /how should it go on\?/;

  test.concurrent('checks that misbehave: what happened, in the words of the thread', {
    timeout: 120_000,
  }, async () => {
    const expected: Readonly<Record<keyof typeof bad, readonly RegExp[]>> = {
      'Greet and leave': [decision, /something in the code under test ended the process/, /src\/greet\.js:4/],
      'Greet for ever': [decision, /It was stopped after 5 s/],
      'Greet loudly': [/✔ Verified/, /1 of 1 proved/],
      'Greet and lie': [/✔ Verified/, /1 of 1 proved/, /can end the process or reach the report/],
      'Greet and fork': [/✔ Verified/, /1 of 1 proved/],
    };
    const threads = await Promise.all(
      Object.keys(bad).map(async (words) => ({ words, thread: await approved('bad', words) })),
    );
    for (const { words, thread } of threads) {
      const said = await read(thread, /(Verified|Not proved|Could not be proved) · attempt 1 of 1/);
      for (const [name, sentences] of Object.entries(expected)) {
        if (name === words) for (const sentence of sentences) expect(said).toMatch(sentence);
      }
      expect(said).not.toMatch(/\bat .*\.ts:\d+:\d+|GiveUp|TryAgain|Unclosed|undefined/);
    }
  });

  test.concurrent('a base branch whose tests already fail: only what the change breaks counts', {
    timeout: 60_000,
  }, async () => {
    const thread = await approved('red', 'Greet in German');
    expect(await read(thread, /✔ Verified/)).toContain('test, 1 of 3 failed before, too');
    await read(thread, /Draft pull request #1/);
  });

  test.concurrent('the same failure twice asks a person, and a note leads to the pull request', {
    timeout: 90_000,
  }, async () => {
    const { slack } = stage.world;
    const thread = await approved('greeting', 'Greet wrongly');
    expect(await read(thread, decision)).toContain(
      `<@${raj}>, how should it go on? Attempts 1 and 2 failed in the same way, so a further one would go in circles.`,
    );
    await act.press(raj, thread, /Retry with a note/);
    const modal = await slack.waitFor(({ modals }) => modals[raj]?.at(-1), { what: 'the dialog' });
    const [field] = modal.blocks.filter((block) => block.type === 'input');
    await slack.as(raj).submit({ [field?.block_id ?? '']: 'It is Hallo, nothing else.' });
    await read(thread, /Draft pull request #\d+/);
    expect(await read(thread, /✔ Verified · attempt 3/)).toContain('1 of 1 proved');
  });

  test.concurrent('taken over or stopped, what was built is on a branch that a person finds', {
    timeout: 90_000,
  }, async () => {
    const [byHand, noMore] = await Promise.all([
      approved('greeting', 'Greet by hand'),
      approved('greeting', 'Greet no more'),
    ]);
    await Promise.all([read(byHand, decision), read(noMore, decision)]);
    await act.press(raj, byHand, /Take over/);
    await act.press(raj, noMore, /Stop, keep branch/);
    for (const [thread, ended] of [
      [byHand, /Taken over by/],
      [noMore, /Stopped by/],
    ] as const) {
      await read(thread, ended);
      const said = await read(thread, /What was built is on the branch/);
      const branch = /slipway\/f-[a-z0-9-]+/.exec(said)?.[0] ?? 'none';
      const content = await stage.world.github.people.read('acme/greeting', branch, 'src/greet.js');
      expect(content).toContain('Servus');
    }
  });

  test.concurrent('GitHub fails before and after it has opened the pull request: there is one', {
    timeout: 60_000,
  }, async () => {
    const { github } = stage.world;
    github.faults.plan({ kind: 'error-before', on: /POST .*acme\/dark\/git\/(trees|commits|refs)/ });
    github.faults.plan({ kind: 'cut-after', on: /POST .*acme\/dark\/git\/refs/ });
    github.faults.plan({ kind: 'error-after', on: /POST .*acme\/dark\/pulls/ });
    const thread = await approved('dark', 'Greet in the dark');
    await read(thread, /Draft pull request #\d+/);
    expect(github.people.pulls('acme/dark')).toHaveLength(1);
    expect((await stage.world.slack.log()).duplicates).toBe(0);
  });
});
