import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GiveUp, TryAgain } from '../../src/errors.ts';
import { traffic } from '../domain/rollout/story.ts';
import { type Bot, startBot, toldTo, until } from './bot.ts';
import { playedFlags, stateOf, theRollout, tick, untilExposed, untilFinished } from './ramp.ts';

let bot: Bot;
let flags: ReturnType<typeof playedFlags>;
beforeEach(async () => {
  flags = playedFlags();
  bot = await startBot({ flags: flags.door });
});
afterEach(() => bot.stop());

/** A rollout of raj's that was asked for in #shop, exposed to 1 %. */
async function ramping(words = '/rollout start free-delivery'): Promise<string> {
  await bot.slack.as('U0RAJ').command('#shop', words);
  const { id } = await theRollout(bot.engine);
  await untilExposed(bot.engine, id);
  return id;
}
const phaseOf = async (id: string) => (await stateOf(bot.engine, id)).phase.kind;
const become = (id: string, phase: string) =>
  until(`the rollout is ${phase}`, async () => (await phaseOf(id)) === phase);

/** Where it is told about, once the first message is posted. */
async function threadOf(id: string): Promise<string> {
  let thread: string | undefined;
  await until('there is a thread', async () => {
    thread = (await stateOf(bot.engine, id)).thread;
    return thread !== undefined;
  });
  return thread ?? '';
}

/** The message of the thread whose text matches, once it is there. */
async function reply(id: string, says: RegExp) {
  const thread = await threadOf(id);
  return bot.slack.waitFor(
    (sight) =>
      sight.messages.findLast(
        (message) =>
          (message.threadTs === thread || message.ts === thread) && says.test(JSON.stringify(message)),
      ),
    { what: `a message that says ${says}` },
  );
}
const heard = (user: string, says: RegExp) =>
  until(`${user} is told ${says}`, async () =>
    (await toldTo(bot.slack, user)).some((text) => says.test(text)),
  );

describe('starting', () => {
  test('a command opens a thread with the card; the channel’s repository and the chosen stages are kept', async () => {
    await bot.slack.as('U0RAJ').command('#shop', '/rollout start free-delivery in staging stages 1,4');
    const { id } = await theRollout(bot.engine);
    await reply(id, /Rollout of free-delivery: Planned/);
    const state = await stateOf(bot.engine, id);
    expect(state).toMatchObject({
      flag: 'free-delivery',
      owner: { id: 'U0RAJ' },
      origin: { kind: 'asked', repository: 'acme/shop' },
      chosen: { environments: ['staging'], stages: [1, 4] },
      createFlag: false,
    });
    expect((await bot.slack.log()).duplicates).toBe(0);
  });

  test('a mention hangs it on that message', async () => {
    const { ts } = await bot.slack.as('U0RAJ').post('#shop', '<@U0SLIPWAY> rollout start free-delivery');
    expect(await theRollout(bot.engine)).toMatchObject({ thread: ts });
  });

  test('the same words start another one once the first is over', async () => {
    const first = await ramping();
    await bot.slack.as('U0RAJ').command('#shop', '/rollout rollback free-delivery');
    await become(first, 'rolled-back');
    await bot.slack.as('U0RAJ').command('#shop', '/rollout start free-delivery');
    await until('there are two', async () => (await bot.engine.list({ kind: 'rollout' })).length === 2);
  });

  test('where the bot cannot post nothing is started', async () => {
    await bot.slack.as('U0RAJ').command('#away', '/rollout start free-delivery');
    await bot.slack.waitFor((sight) => sight.messages.find(({ text }) => /Invite me/.test(text)));
    expect(await bot.engine.list({ kind: 'rollout' })).toEqual([]);
  });
});

describe('halting', () => {
  test('anyone on call: the flag goes off at once, and the thread says so', async () => {
    const id = await ramping();
    await bot.slack.as('U0ANA').command('#shop', '/halt free-delivery orders fail');
    await become(id, 'halted');
    expect(flags.off).toEqual([{ project: 'default', flag: 'free-delivery', environment: 'production' }]);
    await reply(id, /HALTED at 1 %: free-delivery.*orders fail/);
    await heard('U0ANA', /`free-delivery` is off/);
    expect((await stateOf(bot.engine, id)).off).toMatchObject({ route: 'off', doneAt: expect.any(String) });
  });

  test('who is not on call reads why, and the flag stays', async () => {
    const id = await ramping();
    await bot.slack.as('U0MEI').command('#shop', '/halt free-delivery');
    await until('mei is told', async () => (await toldTo(bot.slack, 'U0MEI')).length > 0);
    expect(await phaseOf(id)).toBe('ramping');
    expect(flags.off).toEqual([]);
  });

  test('a flag service that does not answer: the person is told, and it is halted all the same', async () => {
    const id = await ramping();
    flags.problem = new TryAgain('The flag service answered 503.');
    await bot.slack.as('U0ANA').command('#shop', '/halt free-delivery');
    await heard('U0ANA', /not off yet: The flag service answered 503\. It is tried again/);
    const state = await stateOf(bot.engine, id);
    expect(state.phase.kind).toBe('halted');
    expect(state.off?.doneAt).toBeUndefined();
  });

  test('the bare word in its thread, without a mention', async () => {
    const id = await ramping();
    const thread = await threadOf(id);
    await bot.slack.as('U0ANA').post('#shop', 'halt!', thread);
    await become(id, 'halted');
    expect(flags.off).toHaveLength(1);
  });

  test('the button, pressed by two people at once: one halt', async () => {
    const id = await ramping();
    const card = await reply(id, /slipway.rollout-halt/);
    await Promise.all([
      bot.slack.as('U0ANA').click(card.ts, 'slipway.rollout-halt'),
      bot.slack.as('U0RAJ').click(card.ts, 'slipway.rollout-halt'),
    ]);
    await become(id, 'halted');
    const events = (await bot.engine.history('rollout', id)).map(({ event }) => event.type);
    expect(events.filter((type) => type === 'halted')).toHaveLength(1);
  });

  test('all: every rollout, and those of others are named', async () => {
    const first = await ramping();
    flags.ramping = [
      { project: 'default', flag: 'free-delivery' },
      { project: 'other', flag: 'somebody-elses' },
    ];
    await bot.slack.as('U0ANA').command('#shop', '/halt all because of an outage');
    await become(first, 'halted');
    await heard('U0ANA', /Halted:\* 1 of 1\n• `free-delivery`[\s\S]*left alone[\s\S]*`somebody-elses`/);
    expect(flags.off.map(({ flag }) => flag)).toEqual(['free-delivery']);
  });

  test('a rollout that has not begun is stopped, and the flag that others have on goes off', async () => {
    await bot.slack.as('U0RAJ').command('#shop', '/rollout start free-delivery');
    const { id } = await theRollout(bot.engine);
    flags.ramping = [{ project: 'checkout', flag: 'free-delivery' }];
    await bot.slack.as('U0ANA').command('#shop', '/halt free-delivery');
    await become(id, 'halted');
    await until('it is switched off', async () => flags.off.length > 0);
    expect(flags.off).toEqual([{ project: 'checkout', flag: 'free-delivery', environment: 'production' }]);
  });

  test('its owner stops what has not begun, and switches off nothing that others have on', async () => {
    await bot.slack.as('U0RAJ').command('#shop', '/rollout start free-delivery');
    const { id } = await theRollout(bot.engine);
    await bot.slack.as('U0RAJ').command('#many', '/halt free-delivery');
    await become(id, 'halted');
    await heard('U0RAJ', /`free-delivery` is stopped before it began; the flag is left as it is/);
    expect(flags.off).toEqual([]);
  });

  test('all names flags that are on although their rollout has not begun', async () => {
    await bot.slack.as('U0RAJ').command('#shop', '/rollout start free-delivery');
    const { id } = await theRollout(bot.engine);
    flags.ramping = [{ project: 'default', flag: 'free-delivery' }];
    await bot.slack.as('U0ANA').command('#shop', '/halt all');
    await become(id, 'halted');
    await heard('U0ANA', /left alone[\s\S]*`free-delivery`/);
  });

  test('all of one without the right is all of theirs: they read nothing of others', async () => {
    const id = await ramping();
    await bot.slack.as('U0MEI').command('#shop', '/halt all');
    await heard('U0MEI', /Nothing was halted/);
    expect(await phaseOf(id)).toBe('ramping');
    expect((await toldTo(bot.slack, 'U0MEI')).join()).not.toContain('free-delivery');
  });

  test('all in another environment halts nothing here', async () => {
    const id = await ramping();
    await bot.slack.as('U0ANA').command('#shop', '/halt all staging');
    await heard('U0ANA', /Nothing was halted in staging/);
    expect(await phaseOf(id)).toBe('ramping');
  });
});

test('without a flag service nothing is promised', async () => {
  const alone = await startBot();
  try {
    await alone.slack.as('U0ANA').command('#shop', '/halt wishlist');
    await until('ana is told', async () =>
      (await toldTo(alone.slack, 'U0ANA')).some((text) => /No flag service is configured/.test(text)),
    );
    await alone.slack.as('U0RAJ').command('#shop', '/rollout start wishlist');
    await until('raj is told', async () =>
      (await toldTo(alone.slack, 'U0RAJ')).some((text) => /No flag service is configured/.test(text)),
    );
    expect(await alone.engine.list({ kind: 'rollout' })).toEqual([]);
  } finally {
    await alone.stop();
  }
});

describe('a flag that no rollout is about', () => {
  test('is switched off, and the channel reads who did it', async () => {
    flags.ramping = [{ project: 'checkout', flag: 'wishlist' }];
    await bot.slack.as('U0ANA').command('#shop', '/halt wishlist it burns');
    await bot.slack.waitFor((sight) =>
      sight.messages.find(({ text }) => /ana switched off the flag wishlist in production/.test(text)),
    );
    expect(flags.off).toEqual([{ project: 'checkout', flag: 'wishlist', environment: 'production' }]);
  });

  test('is looked for in the project of its last rollout', async () => {
    await bot.slack.as('U0RAJ').command('#shop', '/rollout start free-delivery');
    const { id } = await theRollout(bot.engine);
    await untilExposed(bot.engine, id, { project: 'checkout' });
    await bot.slack.as('U0RAJ').command('#shop', '/rollout rollback free-delivery');
    await become(id, 'rolled-back');
    await bot.slack.as('U0ANA').command('#shop', '/halt free-delivery');
    await until('it is switched off again', async () => flags.off.length > 1);
    expect(flags.off.map(({ project }) => project)).toEqual(['checkout', 'checkout']);
  });

  test('that has come to everybody is rolled back as the rollout it is, of whatever channel', async () => {
    await bot.slack.as('U0RAJ').command('#quiet', '/rollout start secret-thing');
    const { id } = await theRollout(bot.engine);
    await untilFinished(bot.engine, id);
    await bot.slack.as('U0ANA').command('#shop', '/halt secret-thing it burns');
    await become(id, 'rolled-back');
    await heard('U0ANA', /`secret-thing` is off/);
    expect(flags.off).toEqual([{ project: 'default', flag: 'secret-thing', environment: 'production' }]);
  });

  test('whose rollout is over, or elsewhere, is not said to have none', async () => {
    await bot.slack.as('U0RAJ').command('#shop', '/rollout start free-delivery');
    const { id } = await theRollout(bot.engine);
    await untilExposed(bot.engine, id, { environments: ['production', 'staging'] });
    await bot.slack.as('U0ANA').command('#shop', '/halt free-delivery in staging');
    const said = (words: RegExp) =>
      bot.slack.waitFor((sight) => sight.messages.find((message) => words.test(JSON.stringify(message))));
    await said(/`free-delivery` in staging\. My rollout of it is in production/);
    await bot.slack.as('U0ANA').command('#shop', '/rollout rollback free-delivery');
    await become(id, 'rolled-back');
    await bot.slack.as('U0ANA').command('#shop', '/halt free-delivery');
    await said(/`free-delivery` in production\. My newest rollout of it is rolled back already/);
  });

  test('not by people without the right', async () => {
    await bot.slack.as('U0MEI').command('#shop', '/halt wishlist');
    await heard('U0MEI', /Anyone on call can/);
    expect(flags.off).toEqual([]);
  });

  test('what the flag service refuses is said loudly', async () => {
    flags.problem = new GiveUp('There is no flag wishlist.');
    await bot.slack.as('U0ANA').command('#shop', '/halt wishlist');
    await heard('U0ANA', /`wishlist` in production is NOT off: There is no flag wishlist\.$/);
  });

  test('of a channel closed to them it is halted as the rollout it is', async () => {
    await bot.slack.as('U0RAJ').command('#quiet', '/rollout start secret-thing');
    const { id } = await theRollout(bot.engine);
    await untilExposed(bot.engine, id);
    await bot.slack.as('U0ANA').command('#shop', '/halt secret-thing');
    await become(id, 'halted');
    expect(flags.off).toHaveLength(1);
  });
});

describe('in its thread', () => {
  test('mentions hold, explain and go on, without the flag', async () => {
    const id = await ramping();
    const thread = await threadOf(id);
    await bot.slack.as('U0ANA').post('#shop', '<@U0SLIPWAY> hold because of the sale', thread);
    await become(id, 'holding');
    await bot.slack.as('U0MEI').post('#shop', '<@U0SLIPWAY> why', thread);
    await heard('U0MEI', /Why free-delivery is where it is: Holding/);
    await bot.slack.as('U0RAJ').post('#shop', '<@U0SLIPWAY> resume', thread);
    await become(id, 'ramping');
    const seen = (await bot.slack.log()).posts.filter(({ method }) => method === 'chat.postMessage');
    expect(seen.every(({ duplicateOf }) => duplicateOf === undefined)).toBe(true);
  });

  test('status and plan are shown in private, without buttons', async () => {
    await ramping();
    await bot.slack.as('U0MEI').command('#many', '/rollout status free-delivery');
    await heard('U0MEI', /Rollout of free-delivery: Ramping: 1 %/);
    const [private_] = await bot.slack.ephemerals('U0MEI');
    expect(JSON.stringify(private_?.blocks)).toMatch(/Orders that fail/);
    expect(JSON.stringify(private_?.blocks)).not.toMatch(/"actions"/);
  });

  test('nobody but the owner goes on without proof, and a second person must confirm', async () => {
    const id = await ramping();
    await bot.slack.as('U0RAJ').command('#shop', '/rollout advance free-delivery');
    await heard('U0RAJ', /not proved safe/);
    await bot.slack.as('U0RAJ').command('#shop', '/rollout advance free-delivery support sees nothing');
    const asked = await reply(id, /asks to advance/);
    await bot.slack.as('U0RAJ').click(asked.ts, 'slipway.rollout-confirm');
    await until('raj is refused', async () => (await toldTo(bot.slack, 'U0RAJ')).length > 2);
    expect((await stateOf(bot.engine, id)).wanted.percent).toBe(1);
    await bot.slack.as('U0MEI').click(asked.ts, 'slipway.rollout-confirm');
    await until('it is at 5 %', async () => (await stateOf(bot.engine, id)).wanted.percent === 5);
    await until('the question has no buttons', async () => {
      const now = (await bot.slack.thread((await stateOf(bot.engine, id)).thread ?? '')).find(
        ({ ts }) => ts === asked.ts,
      );
      return !JSON.stringify(now?.blocks).includes('rollout-confirm');
    });
  });
});

describe('a stale or foreign button', () => {
  test('explains itself in private and changes nothing', async () => {
    const id = await ramping();
    await bot.slack.as('U0RAJ').post('#shop', 'hold', undefined);
    await bot.slack.as('U0ANA').command('#shop', '/rollout hold free-delivery');
    await become(id, 'holding');
    const held = await reply(id, /slipway.rollout-resume/);
    await bot.slack.as('U0RAJ').click(held.ts, 'slipway.rollout-resume');
    await become(id, 'ramping');
    const { spoken } = await pressed(id, held.ts, 'rollout-resume');
    expect(spoken).toMatch(/earlier stop; the rollout has moved since\. Nothing happened/);
    expect(await phaseOf(id)).toBe('ramping');
  });

  /** Presses a button as it was drawn once, which the thread does not show any more. */
  async function pressed(id: string, ts: string, action: string) {
    const value = JSON.stringify({ id, at: '2020-01-01T00:00:00.000Z' });
    const before = (await toldTo(bot.slack, 'U0RAJ')).length;
    await bot.handle({
      id: `test-${action}`,
      kind: 'slack',
      body: {
        type: 'block_actions',
        trigger_id: 'T1',
        user: { id: 'U0RAJ' },
        channel: { id: 'C0SHOP' },
        message: { ts, thread_ts: (await stateOf(bot.engine, id)).thread },
        actions: [{ action_id: `slipway.${action}`, value }],
      },
    });
    return { spoken: (await toldTo(bot.slack, 'U0RAJ')).slice(before).join('\n') };
  }
});

describe('a halt by the evidence', () => {
  async function halted(beforeTelling: () => Promise<unknown> = async () => undefined): Promise<string> {
    const id = await ramping();
    for (let count = 0; count < 4; count += 1) await tick(bot.engine, id);
    for (let count = 0; count < 60 && (await phaseOf(id)) === 'ramping'; count += 1) {
      await tick(bot.engine, id, traffic(1, { ratio: 6, requests: 30_000 }));
    }
    expect(await phaseOf(id)).toBe('halted');
    const key = `switch-off/${(await stateOf(bot.engine, id)).changes}`;
    await reply(id, /The plan for/);
    await beforeTelling();
    await bot.engine.send({
      kind: 'rollout',
      id,
      command: { type: 'switched-off', key, route: 'off', at: new Date().toISOString() },
      by: { kind: 'job', name: 'test' },
    });
    return id;
  }

  test('posts one message with the chart, and keeps that picture when it is drawn again', async () => {
    const id = await halted();
    const message = await reply(id, /"image"/);
    expect(message.text).toMatch(/^HALTED at 1 %/);
    const calls = async (method: string) =>
      (await bot.slack.calls()).filter((call) => call.method === method);
    expect(await calls('files.completeUploadExternal')).toHaveLength(1);
    const file = /"slack_file":\{"id":"(F\w+)"\}/.exec(JSON.stringify(message.blocks))?.[1];
    const png = Buffer.from(await (await fetch(`${bot.slack.url}/files-pri/${file}/picture`)).arrayBuffer());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    await bot.engine.send({
      kind: 'rollout',
      id,
      command: {
        type: 'clients-obeyed',
        key: `confirm-off/${(await stateOf(bot.engine, id)).changes}`,
        at: new Date(Date.now() + 6000).toISOString(),
        because: 'No exposed request for 30 s.',
      },
      by: { kind: 'job', name: 'test' },
    });
    const redrawn = await reply(id, /All clients had obeyed/);
    expect(redrawn.ts).toBe(message.ts);
    expect(JSON.stringify(redrawn.blocks)).toContain(file);
    expect(await calls('files.completeUploadExternal')).toHaveLength(1);
  });

  test('waits for Slack to know the picture, and posts once', async () => {
    const notReady = { kind: 'refused', error: 'invalid_blocks' } as const;
    const id = await halted(() => bot.slack.fault({ method: 'chat.postMessage', fault: notReady }));
    const message = await reply(id, /"image"/);
    const posts = (await bot.slack.log()).posts.filter(({ text }) => /^HALTED/.test(text));
    expect(posts.map(({ ts }) => ts)).toEqual([message.ts]);
  });

  test('is posted without the picture when Slack does not take it', async () => {
    await bot.slack.fault({
      method: 'files.getUploadURLExternal',
      fault: { kind: 'refused', error: 'missing_scope' },
    });
    const id = await halted();
    const message = await reply(id, /chart is missing/);
    expect(message.text).toMatch(/^HALTED at 1 %/);
  });

  test('opens one fix job, however many press the button', async () => {
    const id = await halted();
    const message = await reply(id, /Open fix job/);
    await Promise.all([
      bot.slack.as('U0RAJ').click(message.ts, 'slipway.rollout-fix'),
      bot.slack.as('U0ANA').click(message.ts, 'slipway.rollout-fix'),
    ]);
    await until('there is a feature', async () => (await bot.engine.list({ kind: 'feature' })).length > 0);
    const [fix, ...others] = await bot.engine.list({ kind: 'feature' });
    expect(others).toEqual([]);
    expect(fix?.state.request?.channel).toBe('C0SHOP');
    expect(fix?.state.request?.words).toMatch(
      /Fix what stopped the rollout of the flag free-delivery at 1 % in production/,
    );
    expect(fix?.state.request?.words).toMatch(/Orders that fail: [\d.]+ % vs 2 %/);
    expect(fix?.state.request?.words).toMatch(
      /When free-delivery is on, then Orders that fail is no worse than with free-delivery off/,
    );
    await bot.slack.as('U0RAJ').click(message.ts, 'slipway.rollout-fix');
    await heard('U0RAJ', /has asked for it already/);
  });
});

test('the home and /slipway mine show what waits for its owner', async () => {
  const id = await ramping();
  await bot.slack.as('U0ANA').command('#shop', '/rollout hold free-delivery');
  await become(id, 'holding');
  await bot.slack.as('U0RAJ').openHome();
  await until('the home shows it', async () =>
    /Waiting for you[\s\S]*free-delivery[\s\S]*Your rollouts/.test(
      JSON.stringify(await bot.slack.home('U0RAJ')),
    ),
  );
});
