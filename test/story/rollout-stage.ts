import { setTimeout as pause } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { Bot } from '../../playground/bot.ts';
import type { Release } from '../../playground/release.ts';
import { type Act, actIn, textOf } from '../../playground/story/act.ts';
import type { FlagEditor } from '../../playground/unleash/people.ts';
import type { RolloutState } from '../../src/domain/rollout/state.ts';
import { freshDatabase } from '../setup/database.ts';
import { type Stage, setStage } from './world.ts';

export const raj = 'U0RAJ';
export const ana = 'U0ANA';
export const mei = 'U0MEI';
export const tom = 'U0TOM';
export const channel = '#checkout';

const repository = 'acme/shop';
const login = 'maria';
/** No stage is left before. */
export const shortestSoakMs = 3_000;
const patienceMs = 40_000;
const eventsBody = z.object({ events: z.array(z.object({ type: z.string(), createdAt: z.string() })) });

/** A shop with users, and a bot that ramps flags up in it. */
export type RolloutStage = {
  readonly stage: Stage;
  readonly release: Release;
  /** Somebody who works with flags by hand. */
  readonly ann: FlagEditor;
  readonly act: Act;
  bot(): Bot;
  /** Another bot process, after the last was stopped or killed. */
  anotherBot(): Promise<void>;
  /** Types a command where everybody works. */
  says(user: string, words: string): Promise<void>;
  /** Makes the flag, types the command, and answers the thread and the id of the rollout. */
  start(flag: string, words?: string): Promise<Started>;
  state(id: string): Promise<RolloutState>;
  /** Waits until the rollout is as it should be. */
  until(id: string, what: string, holds: (state: RolloutState) => boolean): Promise<RolloutState>;
  /** What only this person was told, oldest first. */
  toldTo(user: string): Promise<readonly string[]>;
  /** Waits until a person is told something privately. */
  hears(user: string, what: RegExp): Promise<string>;
  /** What Unleash says of the flag for its users. */
  isOff(flag: string): Promise<boolean>;
  /** When somebody switched the flag off last, in milliseconds. */
  switchedOffAt(flag: string): Promise<number>;
  close(): Promise<void>;
};
export type Started = { readonly id: string; readonly thread: string };

/** Short stages with room for proof at the traffic of a test. The bounds of error are the usual ones. */
const ramp = {
  environments: ['production'],
  stages: [
    { percent: 20, tolerance: 1, jump: 'A test has no time for more stages.' },
    { percent: 90, tolerance: 1, jump: 'A test has no time for more stages.' },
  ],
  metrics: [
    {
      name: 'orders that fail',
      source: {
        type: 'events',
        total: 'http_requests_total{route="order"}',
        bad: 'http_requests_total{route="order",status!="201"}',
      },
    },
  ],
  tickSeconds: 1,
  warmUpSeconds: 2,
  lagSeconds: 2,
  minSoakMinutes: shortestSoakMs / 60_000,
};

/** The running shop asks these flags for every order, and counts orders by them. */
export async function setRolloutStage(options: {
  readonly flags: readonly string[];
  /** What this stage has otherwise in the rollout part of the shop's file. */
  readonly ramp?: Readonly<Record<string, unknown>>;
}): Promise<RolloutStage> {
  const database = await freshDatabase();
  const stage = await setStage({ releaseDatabaseUrl: database.url });
  const { release, github, slack } = stage.world;
  if (!release) throw new Error('This world has no production.');
  const [giftWrap = '', workflow = ''] = await Promise.all(
    ['src/gift-wrap.ts', '.slipway.yml'].map((path) => github.people.read(repository, 'main', path)),
  );
  const commit = await github.people.commit({
    repository,
    branch: 'main',
    login,
    message: 'feat: flags for what comes next',
    files: {
      'src/gift-wrap.ts': giftWrap.replace(
        "if (!features.isOn('gift-wrap'))",
        `for (const flag of ${JSON.stringify(options.flags)}) features.isOn(flag);\n  if (!features.isOn('gift-wrap'))`,
      ),
      '.slipway.yml': stringify({ ...parse(workflow), rollout: { ...ramp, ...options.ramp } }),
    },
  });
  await release.deploy(commit);
  release.open();
  const ann = await release.unleash.people.as('ann');
  let bot = await stage.bot();
  await untilCounted(release, options.flags[0] ?? '');
  const act = actIn(slack, { patienceMs });

  const state = async (id: string): Promise<RolloutState> => {
    const response = await fetch(`${bot.url}/rollouts/${id}.json`);
    if (!response.ok) throw new Error(`The record of ${id} answers ${response.status}.`);
    const record: { readonly state: RolloutState } = await response.json();
    return record.state;
  };
  const toldTo = async (user: string) => {
    const { ephemerals, messages, channels } = await slack.sight();
    const direct = channels.find((each) => each.kind === 'im' && each.members.includes(user))?.id;
    return [
      ...ephemerals.filter((each) => each.user === user).map(textOf),
      ...messages.filter((each) => each.channel === direct && each.byBot).map(textOf),
    ];
  };
  return {
    stage,
    release,
    ann,
    act,
    bot: () => bot,
    async anotherBot() {
      bot = await stage.bot();
    },
    async start(flag, words = '') {
      await ann.create(flag);
      await act.command(raj, channel, `/rollout start ${flag} ${words}`.trim());
      const card = await slack.waitFor(
        ({ messages }) =>
          messages.find(
            (message) =>
              message.metadata?.event_payload.key !== undefined &&
              /\/card$/.test(String(message.metadata.event_payload.key)) &&
              textOf(message).includes(flag),
          ),
        { timeoutMs: patienceMs, what: `the card of the rollout of ${flag}` },
      );
      const id = String(card.metadata?.event_payload.key).split('/')[0] ?? '';
      return { id, thread: card.threadTs ?? card.ts };
    },
    says: (user, words) => act.command(user, channel, words),
    state,
    async until(id, what, holds) {
      const deadline = Date.now() + patienceMs;
      for (;;) {
        const now = await state(id);
        if (holds(now)) return now;
        if (Date.now() > deadline)
          throw new Error(
            `Waited for ${what}; ${now.flag} is ${JSON.stringify(now.phase)} at ${now.wanted.percent} %, ${JSON.stringify(now.verdict)}.`,
          );
        await pause(100);
      }
    },
    toldTo,
    async hears(user, what) {
      const deadline = Date.now() + patienceMs;
      for (;;) {
        const told = await toldTo(user);
        const found = told.findLast((text) => what.test(text));
        if (found !== undefined) return found;
        if (Date.now() > deadline)
          throw new Error(`${user} was not told ${what}, but: ${JSON.stringify(told.slice(-3))}`);
        await pause(100);
      }
    },
    isOff: async (flag) => {
      const { body } = await ann.ask(
        'GET',
        `/api/admin/projects/default/features/${flag}/environments/production`,
      );
      return !z.object({ enabled: z.boolean() }).parse(body).enabled;
    },
    switchedOffAt: async (flag) => {
      const { body } = await ann.ask('GET', `/api/admin/search/events?feature=IS:${flag}&limit=50`);
      const off = eventsBody.parse(body).events.filter(({ type }) => type === 'feature-environment-disabled');
      return Math.max(...off.map(({ createdAt }) => Date.parse(createdAt)));
    },
    async close() {
      await stage.close();
      await database.drop();
    },
  };
}

/** The noise is measured over ten seconds, so that it need not be assumed to be large. */
async function untilCounted({ prometheus }: Release, flag: string): Promise<void> {
  const scrapes = `max(count_over_time(http_requests_total{flag="${flag}",route="order"}[1m]))`;
  const address = `${prometheus.url}/api/v1/query?${new URLSearchParams({ query: scrapes })}`;
  const answer = z.object({
    data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
  });
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const { data } = answer.parse(await (await fetch(address)).json());
    if (Number(data.result[0]?.value[1] ?? 0) >= 10) return;
    await pause(200);
  }
  throw new Error(`Orders with the label flag="${flag}" were not counted in time.`);
}
