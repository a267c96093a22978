import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../playground/slack/model.ts';
import { type Bot, proposeSplit, startBot, theFeature, toldTo, until, untilSpec, writeSpec } from './bot.ts';

let bots: Bot[] = [];
afterEach(async () => {
  await Promise.all(bots.map((bot) => bot.stop()));
  bots = [];
});

/** A thread with spec v1 waiting for approval. */
async function withSpec(): Promise<Bot & { readonly id: string; readonly ts: string }> {
  const bot = await startBot();
  bots.push(bot);
  const { ts } = await bot.slack.as('U0RAJ').post('#shop', '@slipway gift wrap');
  const { id } = await theFeature(bot.engine);
  await untilSpec(bot.engine, id);
  return { ...bot, id, ts };
}

type Button = {
  readonly type: 'button';
  readonly action_id: string;
  readonly text: { readonly text: string };
  readonly value: string;
};
function isButton(element: unknown): element is Button {
  return typeof element === 'object' && element !== null && 'type' in element && element.type === 'button';
}

/** Waits for a button with such words, and says where it is. */
async function seeButton(
  { slack }: Bot,
  label: RegExp,
): Promise<{ readonly ts: string; readonly button: Button }> {
  const look = (message: Message) => {
    const elements = (message.blocks ?? []).flatMap((block) =>
      Array.isArray(block.elements) ? block.elements : [],
    );
    const button = elements.filter(isButton).find((element) => label.test(element.text.text));
    return button && { ts: message.ts, button };
  };
  return slack.waitFor(({ messages }) => messages.map(look).findLast(Boolean), { what: `a button ${label}` });
}

async function press(bot: Bot, user: string, label: RegExp) {
  const { ts, button } = await seeButton(bot, label);
  return bot.slack.as(user).click(ts, button.action_id);
}

const phaseOf = async ({ engine, id }: Bot & { readonly id: string }) =>
  (await engine.read('feature', id))?.state.phase.kind;
const told = async (bot: Bot, user: string, text: RegExp) =>
  until(`${user} was told ${text}`, async () =>
    (await toldTo(bot.slack, user)).some((each) => text.test(each)),
  );

test('a person without the right reads who has it, and nothing changes', async () => {
  const bot = await withSpec();
  await press(bot, 'U0ANA', /approve spec v1/i);
  await told(bot, 'U0ANA', /right "approve" in slipway\.yml/);
  expect(await phaseOf(bot)).toBe('reviewing-spec');
});

test('a member of a user group has its rights', async () => {
  const bot = await withSpec();
  await press(bot, 'U0TOM', /approve spec v1/i);
  await until('it is approved', async () => (await phaseOf(bot)) === 'working');
  expect((await bot.engine.read('feature', bot.id))?.state.specApproval).toMatchObject({
    by: { name: 'tom' },
  });
});

test('two people at once: one approves, the other reads who was first', async () => {
  const bot = await withSpec();
  const { ts, button } = await seeButton(bot, /approve spec v1/i);
  await Promise.all(['U0MEI', 'U0TOM'].map((user) => bot.slack.as(user).click(ts, button.action_id)));
  const refusals = async () => [...(await toldTo(bot.slack, 'U0MEI')), ...(await toldTo(bot.slack, 'U0TOM'))];
  await until('one of them was told', async () => (await refusals()).length > 0);
  const winner = (await bot.engine.read('feature', bot.id))?.state.specApproval?.by.name;
  expect(await refusals()).toEqual([expect.stringContaining(`approved by ${winner} already`)]);
  const history = await bot.engine.history('feature', bot.id);
  expect(history.filter(({ event }) => event.type === 'spec-approved')).toHaveLength(1);
});

test('a click on an older spec explains itself and changes nothing', async () => {
  const bot = await withSpec();
  const { ts, button } = await seeButton(bot, /approve spec v1/i);
  // The old message keeps its buttons for as long as Slack takes no edits.
  await bot.slack.fault({ method: 'chat.update', times: 8, fault: { kind: 'server-error' } });
  await bot.slack.as('U0RAJ').post('#shop', 'with ribbons', bot.ts);
  await until('the spec is rewritten', async () => (await phaseOf(bot)) === 'working');
  await writeSpec(bot.engine, bot.id, { title: 'Gift wrap with ribbons' });
  await bot.slack.as('U0MEI').click(ts, button.action_id);
  await told(bot, 'U0MEI', /about spec v1; v2 is the newest/);
  expect((await bot.engine.read('feature', bot.id))?.state.specApproval).toBeUndefined();
});

test('decided buttons are replaced by who decided, and the next version is drawn', async () => {
  const bot = await withSpec();
  await press(bot, 'U0MEI', /approve spec v1/i);
  await bot.slack.waitFor(
    ({ messages }) => {
      const spec = messages.find((message) => message.metadata?.event_payload.key === `${bot.id}/spec/1`);
      const text = JSON.stringify(spec?.blocks);
      return spec && !text.includes('"button"') && /approved by/i.test(text);
    },
    { what: 'the spec without buttons' },
  );
});

test.each<[string, (value: Record<string, unknown>) => string, RegExp]>([
  ['a value of another shape', () => '{"id":1}', /not one of mine/],
  ['a value that is no JSON', () => 'approve!', /not one of mine/],
  [
    'a feature that does not exist',
    (value) => JSON.stringify({ ...value, id: 'f-zzzzzzzz' }),
    /does not exist/,
  ],
  ['another hash', (value) => JSON.stringify({ ...value, hash: 'f'.repeat(64) }), /hash of this message/],
])('a click with %s is refused in private', async (_name, change, sentence) => {
  const bot = await withSpec();
  const { ts, button } = await seeButton(bot, /approve spec v1/i);
  await bot.handle({
    id: 'forged',
    kind: 'slack',
    body: {
      type: 'block_actions',
      trigger_id: '1.2.3',
      user: { id: 'U0MEI' },
      channel: { id: 'C0SHOP' },
      message: { ts, thread_ts: bot.ts },
      actions: [{ action_id: button.action_id, value: change(JSON.parse(button.value)) }],
    },
  });
  await told(bot, 'U0MEI', sentence);
  expect(await phaseOf(bot)).toBe('reviewing-spec');
});

test('the spec is edited in a dialog, whose mistakes are shown in it', async () => {
  const bot = await withSpec();
  await press(bot, 'U0RAJ', /edit/i);
  const modal = await bot.slack.waitFor(({ modals }) => modals.U0RAJ?.at(-1));
  const titled = modal.blocks.find((block) => JSON.stringify(block).includes('Free shipping'));
  const listed = modal.blocks.find((block) => JSON.stringify(block).includes('AC-1'));
  expect(
    await bot.slack.as('U0RAJ').submit({ [listed?.block_id ?? '']: 'AC-1 one\nAC-1 the same again' }),
  ).toMatchObject({
    kind: 'errors',
  });
  expect((await bot.engine.read('feature', bot.id))?.state.specs).toHaveLength(1);
  expect(await bot.slack.as('U0RAJ').submit({ [titled?.block_id ?? '']: 'Gift wrap for all' })).toEqual({
    kind: 'done',
  });
  await until('there is a second version', async () => {
    const specs = (await bot.engine.read('feature', bot.id))?.state.specs ?? [];
    return specs.at(-1)?.spec.title === 'Gift wrap for all' && specs.length === 2;
  });
});

test('a dialog whose trigger is over tells the person to press again', async () => {
  const bot = await withSpec();
  await bot.slack.fault({ method: 'views.open', fault: { kind: 'refused', error: 'expired_trigger_id' } });
  await press(bot, 'U0RAJ', /edit/i);
  await told(bot, 'U0RAJ', /try again/);
});

test('a button in another channel than its feature does nothing', async () => {
  const bot = await withSpec();
  const { ts, button } = await seeButton(bot, /approve spec v1/i);
  await bot.handle({
    id: 'elsewhere',
    kind: 'slack',
    body: {
      type: 'block_actions',
      trigger_id: '1.2.3',
      user: { id: 'U0MEI' },
      channel: { id: 'C0MANY' },
      message: { ts },
      actions: [{ action_id: button.action_id, value: button.value }],
    },
  });
  await bot.slack.waitFor(({ messages }) =>
    messages.some((message) => message.channel !== 'C0SHOP' && /another channel/.test(message.text)),
  );
  expect(await phaseOf(bot)).toBe('reviewing-spec');
});

test('a split makes each part a feature, once, also when two people press', async () => {
  const bot = await startBot();
  bots.push(bot);
  await bot.slack.as('U0RAJ').post('#many', '@slipway a new shop');
  await press(bot, 'U0RAJ', /acme\/pay/);
  const { id } = await theFeature(bot.engine);
  await until('it is chosen', async () => (await theFeature(bot.engine)).repositoryName === 'acme/pay');
  await proposeSplit(bot.engine, id);
  const { ts, button } = await seeButton(bot, /split into/i);
  await Promise.all([1, 2].map(() => bot.slack.as('U0RAJ').click(ts, button.action_id)));
  await until('there are three', async () => (await bot.engine.list({ kind: 'feature' })).length === 3);
  const parts = (await bot.engine.list({ kind: 'feature' }))
    .map(({ state }) => state)
    .filter((state) => state.id !== id);
  expect(parts.map((part) => part.request?.words).sort()).toEqual(['build the cart', 'build the till']);
  expect(parts.map((part) => part.repositoryName)).toEqual(['acme/pay', 'acme/pay']);
});

test('the home shows what is mine and what waits for me', async () => {
  const bot = await withSpec();
  await bot.slack.as('U0MEI').openHome();
  const home = await bot.slack.waitFor(({ homes }) => homes.U0MEI);
  expect(JSON.stringify(home.blocks)).toContain('Free shipping');
});

test('what happens in a private channel is shown to those who are in it', async () => {
  const bot = await startBot();
  bots.push(bot);
  await bot.slack.as('U0RAJ').post('#quiet', '@slipway a secret launch');
  await theFeature(bot.engine);
  const running = async (user: string, channel: string) => {
    await bot.slack.as(user).command(channel, '/slipway running');
    await until('it is answered', async () => (await toldTo(bot.slack, user)).length > 0);
    return (await toldTo(bot.slack, user)).join('\n');
  };
  expect(await running('U0TOM', '#shop')).toContain('a secret launch');
  expect(await running('U0MEI', '#shop')).toContain('nothing');
});

test('several repositories: the person picks one', async () => {
  const bot = await startBot();
  bots.push(bot);
  await bot.slack.as('U0RAJ').command('#many', '/feature gift wrap');
  await press(bot, 'U0RAJ', /acme\/pay/);
  await until('it is chosen', async () => (await theFeature(bot.engine)).repositoryName === 'acme/pay');
});
