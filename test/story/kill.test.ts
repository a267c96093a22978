import { setTimeout as rest } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { playFirstFeature, type Told } from '../../playground/story/first-feature.ts';
import { firstFeature } from '../../playground/story/scripts.ts';
import { verifyChains } from '../../src/audit/verify-chains.ts';
import { problemsOf, stateOf, summarize } from '../../src/cli/demo/feature-summary.ts';
import { feature } from '../../src/domain/feature/feature.ts';
import { needs } from '../setup/needs.ts';
import { type Gate, gateOn } from './kill-gate.ts';
import { naming } from './processes.ts';
import { type Stage, setStage } from './world.ts';

const patienceMs = 240_000;

type Moment = {
  readonly moment: string;
  /** After how many transactions of events it dies each time. */
  readonly every: number;
  readonly dies: (gate: Gate) => Promise<boolean>;
};

/** When the bot dies. `npm run test:kill` takes both after every single event in turn, which takes some minutes. */
const always = process.env.SLIPWAY_KILL_EVERY;
const moments: readonly Moment[] = [
  { moment: 'once it has written down', every: Number(always ?? 1), dies: (gate) => gate.isUsedUp() },
  {
    moment: 'with one more step unrecorded, after',
    every: Number(always ?? 8),
    dies: (gate) => gate.isWaitedFor(),
  },
];

needs('bubblewrap')('a bot that is killed again and again', () => {
  test.for(moments)(
    '$moment $every of its events, tells the story as one that lives',
    {
      timeout: 900_000,
    },
    async (moment) => {
      const stage = await setStage({ pace: { rateScale: 50, retryDelaysMs: [0, 2000, 10_000] } });
      const gate = await gateOn(stage.databaseUrl);
      try {
        const { told, lives } = await playUnderKills({ stage, gate, ...moment });
        const written = await stage.count('(select distinct xmin::text from events) as written');
        expect(written).toBeGreaterThan(40);
        expect(lives).toBeGreaterThan((written - 1) / moment.every);
        await gate.remove();
        const bot = await stage.bot();
        const state = await stateOf(stage.world, bot.url, told);
        const summary = await summarize({ world: stage.world, state, told, durationMs: 0 });
        expect(problemsOf(summary)).toEqual([]);
        expect(summary.feature.attempts.map(({ verdict }) => verdict)).toEqual(['fail', 'pass']);
        expect(state.messages.filter(({ drawn, version }) => drawn !== version)).toEqual([]);
        await bot.stop();
        expect(naming(stage.world.environment.SLIPWAY_HOME ?? '')).toEqual([]);
        await expectOnceOnly(stage, state.id);
        await expectIntactRecord(stage);
      } finally {
        await gate.close();
        await stage.close();
      }
    },
  );
});

/** Plays the story to its end and the bot's last owed work, while the bot lives one short life after the other. */
async function playUnderKills(options: {
  readonly stage: Stage;
  readonly gate: Gate;
  readonly every: number;
  readonly dies: (gate: Gate) => Promise<boolean>;
}): Promise<{ readonly told: Told; readonly lives: number }> {
  const { stage, gate, every, dies } = options;
  let told: Told | undefined;
  let broken: { readonly error: unknown } | undefined;
  playFirstFeature(stage.world.slack, firstFeature, { patienceMs }).then(
    (end) => {
      told = end;
    },
    (error: unknown) => {
      broken = { error };
    },
  );
  for (let lives = 1; ; lives += 1) {
    await gate.open(every);
    const bot = await stage.launch();
    while (!(await dies(gate))) {
      if (broken) throw broken.error;
      if (told && (await gate.isQuiet())) return { told, lives };
      if (bot.process.exitCode !== null) throw new Error(`The bot ended by itself; see ${stage.logFile}.`);
      await rest(10);
    }
    await bot.kill();
    await gate.clear();
  }
}

/** One of everything that the bot makes in Slack and on GitHub. */
async function expectOnceOnly({ world }: Stage, id: string): Promise<void> {
  const { messages } = await world.slack.sight();
  const ours = messages.filter((message) => message.byBot);
  const keys = ours.map((message) => String(message.metadata?.event_payload.key));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  expect((await world.slack.log()).duplicates).toBe(0);
  const roots = ours.filter((message) => message.threadTs === undefined);
  expect(roots.map((message) => message.metadata?.event_payload.key)).toEqual([`${id}/root`]);
  expect(keys.filter((key) => key.endsWith('/card'))).toEqual([`${id}/card`]);
  const marked = [...roots, ...messages.filter((message) => !message.byBot && message.threadTs)];
  expect(marked.map(({ reactions }) => reactions.map(({ name }) => name))).toEqual([
    ['white_check_mark'],
    ['white_check_mark'],
  ]);
  const branches = await world.github.people.branches('acme/shop');
  expect(branches.filter(({ name }) => name.startsWith('slipway/'))).toHaveLength(1);
  expect(world.github.people.pulls('acme/shop')).toHaveLength(1);
}

async function expectIntactRecord({ databaseUrl }: Stage): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  try {
    const report = await verifyChains({ pool, processes: { feature } });
    expect(report).toMatchObject({ intact: true, processes: 1, faults: [] });
  } finally {
    await pool.end();
  }
}
