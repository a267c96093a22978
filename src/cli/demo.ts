import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startBot } from '../../playground/bot.ts';
import { playFirstFeature, type Told } from '../../playground/story/first-feature.ts';
import { firstFeature } from '../../playground/story/scripts.ts';
import { transcribe } from '../../playground/story/transcript.ts';
import { startWorld, type World } from '../../playground/world.ts';
import type { FeatureState } from '../domain/feature/state.ts';
import { lastAttempt, newestSpec } from '../domain/feature/state.ts';
import { sentenceOf } from '../errors.ts';
import type { Command, Io } from './io.ts';

export const house = fileURLToPath(new URL('../..', import.meta.url));

/** Where the world of a playground is made, and what it is made of. */
export function worldOptions(directory: string) {
  return { directory, cassettes: [firstFeature.cassette], manifest: join(house, 'manifest.yml') };
}

/** Plays the whole story in a local workspace; the exit status says whether it ended as it should. */
export const demoCommand: Command = async (_args, io) => {
  const started = performance.now();
  const directory = join(io.cwd, '.slipway', 'demo');
  io.out('Starting a local Slack, GitHub and model, and the bot …');
  const port = await freePort();
  const world = await startWorld({ ...worldOptions(directory), webUrl: `http://127.0.0.1:${port}` });
  try {
    const bot = await startBot({
      entry: join(house, 'src/main.ts'),
      environment: world.environment,
      logFile: join(directory, 'bot.log'),
      port,
    });
    try {
      io.out(`The workspace is at ${world.slack.url}, the run pages at ${bot.url}.\n`);
      const silence = await transcribe(world.slack, io.out);
      const told = await playFirstFeature(world.slack, firstFeature);
      silence();
      const state = await stateOf(world, bot.url, told);
      const summary = await summarize({
        world,
        state,
        told,
        durationMs: Math.round(performance.now() - started),
      });
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
      const page = await fetch(`${bot.url}/features/${state.id}`);
      await writeFile(join(directory, 'run.html'), await page.text());
      return conclude(io, summary);
    } finally {
      await bot.stop();
    }
  } catch (error) {
    io.err(`\nThe story did not end as it should: ${sentenceOf(error)}`);
    io.err(`The bot's log is ${join(directory, 'bot.log')}.`);
    return 1;
  } finally {
    await world.stop();
  }
};

/** The feature as the bot's own run page tells it. */
export async function stateOf(world: World, botUrl: string, told: Told): Promise<FeatureState> {
  const [card] = (await world.slack.thread(told.thread)).filter((message) => message.metadata);
  const key = String(card?.metadata?.event_payload.key ?? '');
  const response = await fetch(`${botUrl}/features/${key.split('/')[0]}.json`);
  if (!response.ok) throw new Error(`The run page of ${key} answered ${response.status}.`);
  const { state }: { state: FeatureState } = await response.json();
  return state;
}

type Summary = Awaited<ReturnType<typeof summarize>>;

/** What came of the story, for people and for checks. */
export async function summarize(options: {
  readonly world: World;
  readonly state: FeatureState;
  readonly told: Told;
  readonly durationMs: number;
}) {
  const { world, state, told, durationMs } = options;
  const spec = newestSpec(state);
  const attempt = lastAttempt(state);
  const { posts, duplicates } = await world.slack.log();
  return {
    feature: {
      id: state.id,
      phase: state.phase.kind,
      attempts: state.attempts.map(({ number, proof }) => ({
        number,
        verdict: proof?.verdict ?? 'unknown',
        failing: proof?.failing ?? [],
      })),
      criteria: attempt?.proof?.criteria ?? [],
      pullRequest: state.pullRequest,
      spent: state.spent,
    },
    spec: spec && { version: spec.version, hash: spec.hash, approvedBy: state.specApproval?.by.name },
    messages: posts.map(({ method, text, threadTs, ts }) => ({ method, ts, threadTs, text })),
    duplicates,
    cardAfterMs: told.cardAfterMs,
    durationMs,
  };
}

/** Says what is wrong with the end of a story, or nothing. */
export function problemsOf({ feature, spec, duplicates }: Summary): readonly string[] {
  const verdicts = feature.attempts.map((attempt) => attempt.verdict);
  const unproved = feature.criteria.filter(({ base, head }) => base !== 'red' || head !== 'green');
  return [
    ...(feature.phase === 'proposed'
      ? []
      : [`The feature ended as ${feature.phase}, not in a pull request.`]),
    ...(verdicts[0] === 'fail' && verdicts.at(-1) === 'pass' && verdicts.length > 1
      ? []
      : [`The attempts went ${verdicts.join(', ')}; the first had to fail and the last to pass.`]),
    ...(feature.criteria.length > 0 && unproved.length === 0
      ? []
      : [`${unproved.length} criteria are not proved.`]),
    ...(feature.pullRequest?.draft ? [] : ['There is no draft pull request.']),
    ...(spec?.version === 2 && spec.approvedBy ? [] : ['Spec v2 was not approved by a named person.']),
    ...(duplicates === 0 ? [] : [`${duplicates} messages were posted twice.`]),
  ];
}

function conclude(io: Io, summary: Summary): number {
  const problems = problemsOf(summary);
  io.out('');
  for (const problem of problems) io.err(problem);
  if (problems.length > 0) return 1;
  const { feature, durationMs, cardAfterMs } = summary;
  io.out(
    `Done in ${(durationMs / 1000).toFixed(1)} s: ${feature.criteria.length} criteria proved at attempt ${feature.attempts.length}, draft pull request #${feature.pullRequest?.number} with ${feature.pullRequest?.files.length} files. The card came ${cardAfterMs} ms after the command.`,
  );
  io.out(
    'The record is in .slipway/demo/summary.json, and as a page in run.html beside it. "npm run playground" leaves a workspace running for you.',
  );
  return 0;
}
