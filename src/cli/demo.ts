import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bot } from '../../playground/bot.ts';
import { playFirstFeature } from '../../playground/story/first-feature.ts';
import { playRamp } from '../../playground/story/ramp.ts';
import { firstFeature } from '../../playground/story/scripts.ts';
import { transcribe } from '../../playground/story/transcript.ts';
import type { World } from '../../playground/world.ts';
import { sentenceOf } from '../errors.ts';
import { featureRecord, problemsOf, type Summary, stateOf, summarize } from './demo/feature-summary.ts';
import { type OpenWorld, openWorld } from './demo/open-world.ts';
import {
  problemsOfRollout,
  type RolloutSummary,
  rolloutRecord,
  summarizeRollout,
} from './demo/rollout-summary.ts';
import type { Command, Io } from './io.ts';

/** Plays the whole story in a local workspace; the exit status says whether it ended as it should. */
export const demoCommand: Command = async (_args, io) => {
  const started = performance.now();
  const directory = join(io.cwd, '.slipway', 'demo');
  io.out('Starting a local Slack, GitHub, model and shop, an Unleash, a Prometheus, and the bot …');
  let open: OpenWorld | undefined;
  try {
    open = await openWorld({ directory });
    const { world, bot } = open;
    io.out(`The workspace is at ${world.slack.url}, the run pages at ${bot.url}.\n`);
    const silence = await transcribe(world.slack, io.out);
    const summary = await play({ world, bot, directory, started });
    silence();
    await writeFile(join(directory, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
    return conclude(io, summary);
  } catch (error) {
    io.err(`\nThe story did not end as it should: ${sentenceOf(error)}`);
    io.err(`The bot's log is in ${directory}.`);
    return 1;
  } finally {
    await open?.stop();
  }
};

type Whole = Summary & { readonly rollout: RolloutSummary };

/** The feature, then its ramp; what came of both, and their pages beside the summary. */
async function play(stage: {
  readonly world: World;
  readonly bot: Bot;
  readonly directory: string;
  readonly started: number;
}): Promise<Whole> {
  const { world, bot, directory, started } = stage;
  const told = await playFirstFeature(world.slack, firstFeature);
  const proposed = await stateOf(world, bot.url, told);
  const id = proposed.id.replace(/^f-/, 'r-');
  const ramped = await playRamp(world, {
    thread: told.thread,
    pullRequest: proposed.pullRequest?.number ?? 0,
    percent: async () => (await rolloutRecord(bot.url, id))?.state.stages.at(-1)?.percent ?? 0,
  });
  const record = await rolloutRecord(bot.url, id);
  if (!record) throw new Error(`There is no rollout ${id} on record.`);
  const state = await featureRecord(bot.url, proposed.id);
  const durationMs = Math.round(performance.now() - started);
  const chart = join(directory, 'rollout.png');
  await mkdir(directory, { recursive: true });
  await keep(`${bot.url}/rollouts/${id}/chart.png`, chart);
  await keep(`${bot.url}/features/${state.id}`, join(directory, 'run.html'));
  await keep(`${bot.url}/rollouts/${id}`, join(directory, 'rollout.html'));
  return {
    ...(await summarize({ world, state, told, durationMs })),
    rollout: summarizeRollout(record, { deviationAt: ramped.deviationAt, chart }),
  };
}

async function keep(page: string, file: string): Promise<void> {
  const response = await fetch(page);
  if (!response.ok) throw new Error(`${page} answered ${response.status}.`);
  await writeFile(file, new Uint8Array(await response.arrayBuffer()));
}

function conclude(io: Io, summary: Whole): number {
  const problems = [...problemsOf(summary), ...problemsOfRollout(summary.rollout)];
  io.out('');
  for (const problem of problems) io.err(problem);
  if (problems.length > 0) return 1;
  const { feature, rollout, durationMs, cardAfterMs } = summary;
  io.out(
    `Done in ${(durationMs / 1000).toFixed(1)} s: ${feature.criteria.length} criteria proved at attempt ${feature.attempts.length}, pull request #${feature.pullRequest?.number} with ${feature.pullRequest?.files.length} files. The card came ${cardAfterMs} ms after the command.`,
  );
  io.out(
    `Stages ${rollout.stages.map(({ percent }) => `${percent} %`).join(', ')} on proof; halted ${rollout.secondsFromDeviationToHalt} s after the bad change was in production, off for every user ${rollout.secondsFromHaltToClientsOff} s later.`,
  );
  io.out(
    'The record is in .slipway/demo/summary.json, and as pages and a chart beside it. "npm run playground" leaves a workspace running for you.',
  );
  return 0;
}
