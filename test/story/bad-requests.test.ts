import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../playground/slack/model.ts';
import { type Act, actIn, buttonIn, textOf } from '../../playground/story/act.ts';
import { readWorkflow } from '../../src/config/workflow-file.ts';
import { addRepository, cassetteOf, greeting, workflowOf, writeCassettes } from './cassettes/greeting.ts';
import { type Stage, setStage } from './world.ts';

const raj = 'U0RAJ';
const ana = 'U0ANA';
const mei = 'U0MEI';
const gus = 'U0GUS';
const everyone = [raj, ana, mei, 'U0TOM', gus, 'U0SLIPWAY'];
const channels = ['one', 'two', 'gone', 'bare', 'broken', 'none', 'poor'];
const price = (name: string) => `{ name: ${name}, inputPerMillion: 20, outputPerMillion: 80 }`;
const deployment = `version: 1
channels:
  '#one': [acme/greeting]
  '#two': [acme/greeting, acme/other]
  '#gone': [acme/gone]
  '#bare': [acme/bare]
  '#broken': [acme/broken]
  '#poor': [acme/poor]
models: { light: ${price('l')}, standard: ${price('s')}, strong: ${price('g')} }
people: { approve: [${mei}], stop: [${mei}], administer: [U0TOM] }
`;

const german = 'Greet people in German';
const parts = [
  { title: 'German', words: 'Greet people in German, as part one' },
  { title: 'French', words: 'Greet people in French, as part two' },
];
const cassettes = [
  cassetteOf({ request: german }),
  cassetteOf({
    request: 'Greet after trouble',
    faults: { interviewer: ['prose'], specifier: ['malformed'] },
  }),
  cassetteOf({
    request: 'Greet after a rest',
    faults: { interviewer: ['rate-limited', 'slow'], specifier: ['down', 'cut-off'] },
  }),
  cassetteOf({ request: 'Greet never', faults: { interviewer: ['prose', 'prose'] } }),
  cassetteOf({ request: 'Greet in many languages', parts }),
];

let stage: Stage;
let act: Act;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'slipway-bad-'));
  stage = await setStage({
    deployment,
    cassettes: await writeCassettes(home, cassettes),
    workspace: {
      users: [
        { id: raj, name: 'raj' },
        { id: ana, name: 'ana' },
        { id: mei, name: 'mei' },
        { id: 'U0TOM', name: 'tom' },
        { id: gus, name: 'gus', isRestricted: true },
      ],
      channels: channels.map((name) => ({ id: `C0${name.toUpperCase()}`, name, members: everyone })),
    },
  });
  const { github } = stage.world;
  await addRepository(github, 'acme/greeting');
  await addRepository(github, 'acme/other');
  const { '.slipway.yml': _none, ...bare } = greeting;
  await addRepository(github, 'acme/bare', {
    ...bare,
    'package.json': '{ "scripts": { "test": "node --test" } }\n',
  });
  const broken =
    'version: 1\nownr: "@maria"\nchecks:\n  - { name: test, rum: npm test }\nthresholds: { attempts: many }\n';
  await addRepository(github, 'acme/broken', { ...greeting, '.slipway.yml': broken });
  await addRepository(github, 'acme/poor', {
    ...greeting,
    '.slipway.yml': workflowOf('node --test', { budget: { perFeature: 0.01 } }),
  });
  await stage.bot();
  act = actIn(stage.world.slack, { patienceMs: 20_000 });
});
afterAll(async () => {
  await stage.close();
  await rm(home, { recursive: true, force: true });
});

/** Asks in a channel, and answers the thread once its card is there. */
async function ask(channel: string, words: string): Promise<string> {
  const { slack } = stage.world;
  const { ts } = await slack.as(raj).post(`#${channel}`, `<@U0SLIPWAY> ${words}`);
  const carded = (message: Message) => message.byBot && message.threadTs === ts;
  await slack.waitFor(({ messages }) => messages.some(carded), { what: `the card of "${words}"` });
  return ts;
}

/** What the newest message of a thread says whose words fit. */
async function read(thread: string, words: RegExp): Promise<string> {
  return textOf(await act.see(thread, words, 20_000));
}

/** What one person alone is told next, after `doing`. */
async function toldAfter(user: string, doing: () => Promise<unknown>): Promise<string> {
  const { slack } = stage.world;
  const before = (await slack.ephemerals(user)).length;
  await doing();
  const told = await slack.waitFor(
    ({ ephemerals }) => ephemerals.filter((each) => each.user === user)[before],
    {
      what: `something ${user} alone is told`,
    },
  );
  return told.text;
}

/** What the model has played so far; told what it had played before, only what is new. */
function played(before: readonly unknown[] = []): readonly string[] {
  return stage.world.model
    .journal()
    .slice(before.length)
    .map((each) => each.with);
}

/** Presses a button as it was drawn, even when the message shows it no longer. */
type Drawn = { readonly ts: string; readonly actionId: string; readonly blockId: string };
const click = (user: string, { ts, actionId, blockId }: Drawn) =>
  stage.world.slack.as(user).click(ts, actionId, { blockId });

/** Waits for a message of the thread with such a button. */
function drawn(thread: string, label: RegExp): Promise<Drawn> {
  return stage.world.slack.waitFor(
    ({ messages }) =>
      messages
        .filter((message) => message.threadTs === thread)
        .map((message) => buttonIn(message, label))
        .findLast(Boolean),
    { timeoutMs: 20_000, what: `a button ${label}` },
  );
}

describe('the repository', () => {
  test('that the bot cannot see: which, and what to do', async () => {
    const thread = await ask('gone', german);
    expect(await read(thread, /is blocked\./)).toContain(
      'The bot cannot see acme/gone. Install the app on it or correct the name in slipway.yml.',
    );
  });

  test('without a .slipway.yml gets one proposed, and goes on once it is committed', async () => {
    const thread = await ask('bare', german);
    const said = await read(thread, /is blocked\./);
    expect(said).toContain('There is no .slipway.yml on main of acme/bare');
    const content = /```\n(.*)\n```/s.exec(said)?.[1] ?? '';
    expect(readWorkflow(content)).toMatchObject({ value: { owner: '@raj', checks: [{ report: 'junit' }] } });
    await stage.world.github.people.commit({
      repository: 'acme/bare',
      branch: 'main',
      files: { '.slipway.yml': content },
      message: 'Say how we work',
      login: 'ana',
    });
    await act.press(raj, thread, /Try again/);
    await drawn(thread, /approve spec v1/i);
    expect(await read(thread, /Was blocked/)).toContain('It was tried again.');
  });

  test('with a broken one: every problem on its own line, with its line', async () => {
    const thread = await ask('broken', german);
    const said = await read(thread, /is blocked\./);
    expect(said).toContain(
      'The .slipway.yml of acme/broken on main has 5 problems. Correct them and try again.',
    );
    expect(said.match(/^• line \d+, column \d+: .*$/gm)).toEqual([
      '• line 1, column 1: owner: is missing; it must be text',
      '• line 2, column 1: ownr: unknown; did you mean owner?',
      '• line 4, column 5: checks[0].run: is missing; it must be text',
      '• line 4, column 19: checks[0].rum: unknown; did you mean run?',
      '• line 5, column 15: thresholds.attempts: must be a number, not "many"',
    ]);
  });

  test('is picked from two, and the picker then says which', async () => {
    const thread = await ask('two', german);
    expect(await read(thread, /which repository/)).toContain(
      `<@${raj}>, which repository is "${german}" for?`,
    );
    await act.press(raj, thread, /acme\/greeting/);
    await drawn(thread, /approve spec v1/i);
    expect(await read(thread, /^.*acme\/greeting/)).not.toMatch(/which repository/);
  });

  test('is none: the person alone reads who can add one', async () => {
    const told = await toldAfter(raj, () => stage.world.slack.as(raj).command('#none', `/feature ${german}`));
    expect(told).toBe(
      'No repository is set for this channel. Ask in a channel that has one, or have someone with the right "administer" add this one to slipway.yml under channels.',
    );
  });
});

describe('the model', () => {
  test('without a cassette: the two variables to set reach the thread', async () => {
    const thread = await ask('one', 'Greet in Klingon');
    expect(await read(thread, /is blocked\./)).toMatch(
      /No cassette answers the interviewer's round 1 .* set OPENAI_API_KEY and OPENAI_BASE_URL/,
    );
  });

  test('answers with prose and with broken JSON: it is asked again, and nobody is bothered', async () => {
    const before = played();
    const thread = await ask('one', 'Greet after trouble');
    await drawn(thread, /approve spec v1/i);
    expect((await stage.world.slack.thread(thread)).filter(({ byBot }) => byBot)).toHaveLength(2);
    expect(played(before)).toEqual(['prose', 'answer', 'malformed', 'answer']);
  });

  test('is limited, slow, down and cut off: the work waits as long as it is asked to, and goes on', async () => {
    const before = played();
    const started = Date.now();
    const thread = await ask('one', 'Greet after a rest');
    await drawn(thread, /approve spec v1/i);
    expect((await stage.world.slack.thread(thread)).filter(({ byBot }) => byBot)).toHaveLength(2);
    expect(played(before)).toEqual(['rate-limited', 'slow', 'down', 'cut-off', 'answer']);
    expect(Date.now() - started).toBeGreaterThanOrEqual(2000);
  });

  test('never gives a usable answer: what it said, and what to do', async () => {
    const thread = await ask('one', 'Greet never');
    const said = await read(thread, /is blocked\./);
    expect(said).toContain(
      'The model "l" gave the interviewer no usable answer, twice in the same way: it is not JSON: it begins with "Sure! Here is what I would do: first, look at the totals.". Try again, or route the interviewer to another model in slipway.yml.',
    );
    await act.press(raj, thread, /Try again/);
    await drawn(thread, /approve spec v1/i);
  });

  test('costs more than the budget: it pauses, asks, and goes on once somebody raises it', async () => {
    const { slack } = stage.world;
    const thread = await ask('poor', german);
    expect(await read(thread, /is spent, and/)).toMatch(
      /\$0\.\d\d of \$0\.01 is spent, and writing the spec comes next\. Everything made so far is kept\.\n<@U0MEI> is asked/,
    );
    const raise = await drawn(thread, /Raise the budget/);
    await click(mei, raise);
    const modal = await slack.waitFor(({ modals }) => modals[mei]?.at(-1), { what: 'the dialog' });
    const [field] = modal.blocks.filter((block) => block.type === 'input');
    expect(await slack.as(mei).submit({ [field?.block_id ?? '']: 'a lot' })).toMatchObject({
      kind: 'errors',
    });
    expect(await slack.as(mei).submit({ [field?.block_id ?? '']: '2' })).toEqual({ kind: 'done' });
    await drawn(thread, /approve spec v1/i);
    expect(await read(thread, /budget was raised/)).toMatch(/raised to \$2\.00, and work went on\. <@U0MEI>/);
  });

  test('proposes a split: each part becomes one thread, however often the click comes', async () => {
    const { slack } = stage.world;
    const thread = await ask('one', 'Greet in many languages');
    const split = await drawn(thread, /Split into 2/);
    await slack.dropAcks(1);
    await Promise.all([click(raj, split), click(raj, split)]);
    expect(await read(thread, /Split into 2 smaller features by/)).toContain(
      '• *German*: Greet people in German',
    );
    const roots = ({ messages }: { messages: readonly Message[] }) =>
      messages.filter(
        ({ byBot, threadTs, text }) => byBot && threadTs === undefined && /as part (one|two)/.test(text),
      );
    await slack.waitFor((sight) => roots(sight).length >= 2, { what: 'the threads of the parts' });
    for (const root of roots(await slack.sight())) await drawn(root.ts, /approve spec v1|Try again/i);
    expect(roots(await slack.sight())).toHaveLength(2);
  });
});

describe('a person', () => {
  test('without the right, a guest, and the one with an old button are told in private, and nothing changes', async () => {
    const { slack } = stage.world;
    const thread = await ask('one', german);
    const approve = await drawn(thread, /approve spec v1/i);
    expect(await toldAfter(raj, () => click(raj, approve))).toBe(
      'You may not approve specs, plans and budgets here. Someone with the right "approve" in slipway.yml can.',
    );
    expect(await toldAfter(gus, () => click(gus, approve))).toBe(
      'Guests may not use Slipway. Ask a full member of the workspace to do it.',
    );
    // Slack lets nothing be edited for a while, so the old button is still there to be pressed.
    await slack.fault({ method: 'chat.update', times: 4, fault: { kind: 'rate-limited', seconds: 2 } });
    await slack.as(raj).post('#one', 'Please in Austria, too', thread);
    await drawn(thread, /approve spec v2/i);
    expect(await toldAfter(mei, () => click(mei, approve))).toBe(
      'This message is about spec v1; v2 is the newest. Nothing was changed.',
    );
    expect((await slack.log()).duplicates).toBe(0);
  });

  test('whose request is empty or far too long keeps their words', async () => {
    const { slack } = stage.world;
    const long = 'Greet people. '.repeat(720).trim();
    expect(await toldAfter(raj, () => slack.as(raj).post('#one', '<@U0SLIPWAY>'))).toContain(
      'asks for a feature',
    );
    const told = await toldAfter(raj, () => slack.as(raj).post('#one', `<@U0SLIPWAY> ${long}`));
    expect(told).toMatch(/^This request has 10079 characters; 4000 are the most\./);
    expect(told).toContain(long);
    const before = (await slack.modals(raj)).length;
    await slack.as(raj).command('#one', '/feature');
    await slack.waitFor(({ modals }) => (modals[raj]?.length ?? 0) > before, { what: 'the dialog' });
    const [field] = (await slack.modals(raj)).at(-1)?.blocks.filter((block) => block.type === 'input') ?? [];
    expect(await slack.as(raj).submit({ [field?.block_id ?? '']: ' ' })).toMatchObject({ kind: 'errors' });
    await slack.as(raj).closeModal();
    const { ts } = await slack.as(ana).post('#one', long);
    await slack.as(raj).shortcut('turn-into-feature', ts);
    await slack.waitFor(({ modals }) => (modals[raj]?.length ?? 0) > 0, {
      what: 'the dialog of the shortcut',
    });
    await slack.as(raj).closeModal();
  });
});

test('Slack limits, and fails before and after it has posted: every message is there once', async () => {
  const { slack } = stage.world;
  await slack.fault({ method: 'chat.postMessage', times: 1, fault: { kind: 'rate-limited', seconds: 1 } });
  await slack.fault({ method: 'chat.postMessage', times: 2, fault: { kind: 'server-error-after-commit' } });
  await slack.fault({ method: 'chat.update', times: 1, fault: { kind: 'server-error' } });
  const thread = await ask('one', german);
  await drawn(thread, /approve spec v1/i);
  const keys = (await slack.thread(thread)).flatMap(({ metadata }) => metadata?.event_payload.key ?? []);
  expect(keys).toHaveLength(2);
  expect((await slack.log()).duplicates).toBe(0);
});
