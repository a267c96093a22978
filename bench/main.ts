import { parseArgs } from 'node:util';
import { tickSeconds } from './ramping.ts';
import { benchFold, benchTick } from './rollout-tick.ts';
import { printTable } from './table.ts';
import { bareCommits, startMachines } from './watch/machines.ts';
import { sizes, type Watched, watchFleet } from './watch/watch.ts';

// `npm run bench`: what bench/README.md describes. Options choose a smaller fleet or a single run of it.

const { values } = parseArgs({
  options: {
    rollouts: { type: 'string', default: '10000' },
    /** Also redraw the card in Slack after each tick, as a rollout with a thread does. */
    cards: { type: 'boolean', default: false },
    queue: { type: 'string', default: 'postgres,redis' },
  },
});
const rollouts = Number(values.rollouts);
const needed = rollouts / tickSeconds;

function row(watched: Watched, bare: number): readonly string[] {
  const { perSecond, late, cpu } = watched;
  const milliseconds = ((cpu.bot + cpu.postgres) / perSecond) * 1000;
  return [
    watched.queue + (watched.cards ? ' and cards' : ''),
    `${perSecond.toFixed(0)} of ${needed.toFixed(0)}`,
    `${late.p50} / ${late.p99} ms`,
    `${cpu.bot.toFixed(2)} + ${cpu.postgres.toFixed(2)}`,
    `${milliseconds.toFixed(1)} ms`,
    `${((needed * milliseconds) / 1000).toFixed(1)} cores`,
    (bare / perSecond).toFixed(1),
  ];
}

benchTick();
benchFold(rollouts);
const rows: (readonly string[])[] = [];
for (const queue of ['postgres', 'redis'] as const) {
  if (!values.queue.split(',').includes(queue)) continue;
  const machines = await startMachines();
  try {
    if (queue === 'redis' && machines.redisUrl === undefined) continue;
    const bare = await bareCommits(machines);
    rows.push(row(await watchFleet(machines, { rollouts, queue, cards: values.cards }), bare));
    const { state, event } = await sizes(machines);
    process.stdout.write(`\nOne rollout: ${state} bytes of state, ${event} bytes for each tick.\n`);
  } finally {
    await machines.close();
  }
}
printTable(`${rollouts} rollouts watched by one worker, a tick each ${tickSeconds} s`, [
  [
    'queue',
    'ticks/s',
    'late p50 / p99',
    'cores: bot + PostgreSQL',
    'CPU per tick',
    'CPU needed',
    'bare commits per tick',
  ],
  ...rows,
]);
process.exit(0);
