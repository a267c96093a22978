import { afterEach, describe, expect, test } from 'vitest';
import { type Bot, type BotOptions, startBot, theFeature, toldTo, until, untilSpec } from './bot.ts';

let bots: Bot[] = [];
afterEach(async () => {
  await Promise.all(bots.map((bot) => bot.stop()));
  bots = [];
});
async function start(options: BotOptions = {}): Promise<Bot> {
  const bot = await startBot(options);
  bots.push(bot);
  return bot;
}

describe('asking for a feature', () => {
  test('a command posts the thread and the card, once each', async () => {
    const { slack, engine } = await start();
    expect(await slack.as('U0RAJ').command('#shop', '/feature Ship free over €50 & say <so>')).toEqual({
      kind: 'done',
    });
    const root = await slack.waitFor(({ messages }) => messages.find((message) => message.byBot));
    await slack.waitFor(({ messages }) => messages.find((message) => message.threadTs === root.ts));
    const state = await theFeature(engine);
    expect(state.request?.words).toBe('Ship free over €50 & say <so>');
    expect(state.id).toMatch(/^f-[a-z2-7]{8}$/);
    await until('the marks are shown', async () => {
      const [first] = await slack.thread(root.ts);
      return first?.reactions.map((reaction) => reaction.name).join() === 'eyes';
    });
    expect((await slack.log()).duplicates).toBe(0);
    expect((await slack.log()).posts).toHaveLength(2);
  });

  test('a mention hangs the thread on the person’s own message, and is heard once', async () => {
    const { slack, engine, handled } = await start();
    const { ts } = await slack.as('U0RAJ').post('#shop', '@slipway add gift wrap');
    await slack.waitFor(({ messages }) => messages.find((message) => message.threadTs === ts));
    expect((await theFeature(engine)).request).toMatchObject({ message: ts, words: 'add gift wrap' });
    expect(handled).toHaveLength(1);
  });

  test('without words a dialog opens, its mistakes are answered at once, and it asks', async () => {
    const { slack, engine } = await start();
    const raj = slack.as('U0RAJ');
    await raj.command('#shop', '/feature');
    const modal = await slack.waitFor(({ modals }) => modals.U0RAJ?.at(-1));
    const [input] = modal.blocks.filter((block) => block.type === 'input');
    await raj.submit({ [input?.block_id ?? '']: 'Gift wrap' });
    expect((await theFeature(engine)).request?.words).toBe('Gift wrap');
    expect(await slack.modals('U0RAJ')).toEqual([]);
  });

  test('the shortcut opens the dialog with the words of the message', async () => {
    const { slack, engine } = await start();
    const { ts } = await slack.as('U0ANA').post('#shop', 'we need gift wrap');
    await slack.as('U0RAJ').shortcut('turn-into-feature', ts);
    const modal = await slack.waitFor(({ modals }) => modals.U0RAJ?.at(-1));
    expect(JSON.stringify(modal.blocks)).toContain('we need gift wrap');
    await slack.as('U0RAJ').submit({});
    expect((await theFeature(engine)).request).toMatchObject({ message: ts, by: { id: 'U0RAJ' } });
  });

  test.each<[string, string, string, RegExp]>([
    ['a channel without repositories', '#none', '/feature gift wrap', /slipway\.yml/],
    ['a channel the bot is not in', '#away', '/feature gift wrap', /invite/i],
    [
      '10,000 characters',
      '#shop',
      `/feature ${'gift wrap '.repeat(1000)}`,
      /9999 characters; 4000 .*(gift wrap ){900}/s,
    ],
  ])('%s: the person alone reads why not', async (_name, channel, words, sentence) => {
    const { slack, engine } = await start();
    await slack.as('U0RAJ').command(channel, words);
    const told = await slack.waitFor(({ ephemerals, messages }) =>
      [...ephemerals, ...messages].find((message) => sentence.test(message.text)),
    );
    expect(told.channel).not.toBe('');
    expect(await engine.list({ kind: 'feature' })).toEqual([]);
  });

  test('a guest is refused, and the bot does not hear itself', async () => {
    const { slack, engine, clients } = await start();
    await slack.as('U0GUS').command('#shop', '/feature gift wrap');
    await until('the guest was told', async () =>
      (await toldTo(slack, 'U0GUS')).some((text) => /guest/i.test(text)),
    );
    await clients.outbox.chat.postMessage({ channel: 'C0SHOP', text: '<@U0SLIPWAY> add gift wrap' });
    await slack.as('U0RAJ').post('#shop', '@slipway help');
    await until('help came', async () => (await toldTo(slack, 'U0RAJ')).length > 0);
    expect(await toldTo(slack, 'U0RAJ')).toHaveLength(1);
    expect(await engine.list({ kind: 'feature' })).toEqual([]);
  });
});

describe('nothing is lost and nothing is done twice', () => {
  test('the acknowledgement waits for the journal', async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const order: string[] = [];
    const { slack } = await start({
      journal: async (_body, write) => {
        order.push('journal');
        await gate;
        await write();
        order.push('written');
      },
    });
    const outcome = slack
      .as('U0RAJ')
      .command('#shop', '/feature gift wrap')
      .then((done) => {
        order.push('acknowledged');
        return done;
      });
    await until('the journal was asked', () => order.length > 0);
    // Other traffic over the same connections goes through and back meanwhile, and this one stays unanswered.
    await slack.as('U0ANA').openHome();
    expect(order.filter((step) => step === 'acknowledged')).toEqual([]);
    open();
    expect(await outcome).toEqual({ kind: 'done' });
    expect(order.slice(-2)).toEqual(['written', 'acknowledged']);
  });

  test('what could not be written down is not acknowledged, and Slack’s repetition is taken', async () => {
    let failures = 0;
    const { slack, engine, handled } = await start({
      slack: { pace: { ackMs: 300 } },
      journal: async (_body, write) => {
        if (failures < 2) {
          failures += 1;
          throw new Error('the database is down');
        }
        await write();
      },
    });
    expect(await slack.as('U0RAJ').command('#shop', '/feature one')).toMatchObject({ kind: 'failed' });
    await slack.as('U0RAJ').post('#shop', '@slipway two');
    expect((await theFeature(engine)).request?.words).toBe('two');
    expect(handled).toHaveLength(1);
  });

  test('an event that Slack repeats because the acknowledgement was lost is handled once', async () => {
    let bodies = 0;
    const { slack, engine, handled } = await start({
      slack: { pace: { ackMs: 300 } },
      journal: async (_body, write) => {
        bodies += 1;
        await write();
      },
    });
    await slack.dropAcks(4);
    await slack.as('U0RAJ').post('#shop', '@slipway gift wrap');
    await until('Slack delivered it again', () => bodies >= 2);
    await theFeature(engine);
    expect(handled).toHaveLength(1);
  });

  test.each([
    ['a command', (bot: Bot) => bot.slack.as('U0RAJ').command('#shop', '/feature gift wrap')],
    [
      'a mention in a thread',
      async (bot: Bot) => {
        const { ts } = await bot.slack.as('U0ANA').post('#shop', 'I have an idea');
        await bot.slack.as('U0RAJ').post('#shop', '@slipway gift wrap', ts);
      },
    ],
  ])(
    '%s whose handler dies after its work is handled again, and changes nothing more',
    async (_name, act) => {
      let deaths = 0;
      const bot = await start({
        handle: async (entry, handle) => {
          await handle(entry);
          if (deaths === 0) {
            deaths += 1;
            throw new Error('killed');
          }
        },
      });
      await act(bot);
      await until('it was handled again', () => bot.handled.length === 2);
      await until('the card is there', async () =>
        (await bot.slack.log()).posts.some((post) => post.threadTs),
      );
      const state = await theFeature(bot.engine);
      expect(state.notes).toEqual([]);
      expect(
        (await bot.engine.history('feature', state.id)).filter(({ event }) => event.type === 'asked'),
      ).toHaveLength(1);
      expect((await bot.slack.log()).duplicates).toBe(0);
    },
  );

  test('connections that Slack closes are replaced, and no event is lost meanwhile', async () => {
    const { slack, engine } = await start();
    await until('both connections are open', async () => (await slack.sockets()).length === 2);
    for (let round = 0; round < 3; round += 1) {
      await slack.refresh({ which: round === 2 ? 'all' : 'one' });
      await slack.as('U0RAJ').post('#shop', `@slipway idea ${round}`);
    }
    await until('all three are features', async () => (await engine.list({ kind: 'feature' })).length === 3);
    await until('both connections are open again', async () => (await slack.sockets()).length === 2);
  });

  test('a Slack that answers with errors for a while is waited for', async () => {
    const { slack, engine } = await start();
    await until('both connections are open', async () => (await slack.sockets()).length === 2);
    await slack.fault({ method: 'apps.connections.open', times: 3, fault: { kind: 'server-error' } });
    await slack.refresh({ which: 'all' });
    await until('both connections are open again', async () => (await slack.sockets()).length === 2);
    await slack.as('U0RAJ').post('#shop', '@slipway gift wrap');
    await theFeature(engine);
  });

  test('stopping closes every connection', async () => {
    const { slack, app } = await start();
    await until('both connections are open', async () => (await slack.sockets()).length === 2);
    await app.stop();
    await until('none is open', async () => (await slack.sockets()).length === 0);
  });
});

describe('words in the thread of a feature', () => {
  test('the requester’s count, others suggest, asides and strangers’ threads are ignored, stop stops', async () => {
    const { slack, engine } = await start();
    const { ts } = await slack.as('U0RAJ').post('#shop', '@slipway gift wrap');
    const { id } = await theFeature(engine);
    await untilSpec(engine, id);
    await slack.as('U0RAJ').post('#shop', 'aside: lunch?', ts);
    await slack.as('U0ANA').post('#shop', 'only for <gifts> & toys', ts);
    const elsewhere = await slack.as('U0ANA').post('#shop', 'something else');
    await slack.as('U0RAJ').post('#shop', 'with ribbons', elsewhere.ts);
    await slack.as('U0RAJ').post('#shop', 'with ribbons', ts);
    await until('both were heard', async () => (await engine.read('feature', id))?.state.notes.length === 2);
    const notes = (await engine.read('feature', id))?.state.notes ?? [];
    expect([...notes].sort((a, b) => a.ts.localeCompare(b.ts))).toMatchObject([
      { text: 'only for <gifts> & toys', standing: 'suggested', by: { id: 'U0ANA' } },
      { text: 'with ribbons', standing: 'counts', by: { id: 'U0RAJ' } },
    ]);
    await slack.as('U0RAJ').post('#shop', '@slipway stop', ts);
    await until('it stopped', async () => (await engine.read('feature', id))?.state.phase.kind === 'stopped');
    await slack.as('U0RAJ').post('#shop', '@slipway help', ts);
    await until('help came', async () => (await toldTo(slack, 'U0RAJ')).length > 0);
    // One answer, the help: the stop was heard once and refused nothing.
    expect(await toldTo(slack, 'U0RAJ')).toHaveLength(1);
  });
});
