import type { Told } from '../../../playground/story/first-feature.ts';
import type { World } from '../../../playground/world.ts';
import type { FeatureState } from '../../domain/feature/state.ts';
import { lastAttempt, newestSpec } from '../../domain/feature/state.ts';

/** The feature as the bot's own run page tells it. */
export async function stateOf(world: World, botUrl: string, told: Told): Promise<FeatureState> {
  const [card] = (await world.slack.thread(told.thread)).filter((message) => message.metadata);
  const key = String(card?.metadata?.event_payload.key ?? '');
  return featureRecord(botUrl, key.split('/')[0] ?? '');
}

/** The same by its id. */
export async function featureRecord(botUrl: string, id: string): Promise<FeatureState> {
  const response = await fetch(`${botUrl}/features/${id}.json`);
  if (!response.ok) throw new Error(`The run page of ${id} answered ${response.status}.`);
  const { state }: { state: FeatureState } = await response.json();
  return state;
}

export type Summary = Awaited<ReturnType<typeof summarize>>;

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
    ...(['proposed', 'merged'].includes(feature.phase)
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
