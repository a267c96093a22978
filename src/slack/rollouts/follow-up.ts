import type { RolloutState } from '../../domain/rollout/state.ts';
import { ask } from '../asks.ts';
import { type Desk, featureId, type PersonActor, type Spot, tellPrivately } from '../desk.ts';
import { countsOf } from '../views/rollout/metrics.ts';
import { code } from '../views/text.ts';

/** What a rollout leads to: a fix after a halt, the removal of the flag after the end. */
export type FollowUp = 'fix' | 'remove-flag';

/** Asks for the feature that a rollout leads to, once, however many press the button: its name follows from the rollout's. */
export async function followUp(
  desk: Desk,
  request: {
    readonly state: RolloutState;
    readonly what: FollowUp;
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { state, what, by, spot } = request;
  const source = `${state.id}/${what}${what === 'fix' ? `/${state.stages.filter(({ left }) => left === 'halted').length}` : ''}`;
  const made = await desk.engine.read('feature', featureId(source));
  if (made) {
    const who = made.state.request?.by.name ?? 'Somebody';
    return tellPrivately(
      desk,
      spot,
      `${who} has asked for it already: ${code(made.id, 60)}. Nothing happened.`,
    );
  }
  const repository = state.origin?.repository;
  await ask(desk, {
    source,
    words: (what === 'fix' ? wordsOfFix(state) : wordsOfRemoval(state)).slice(0, desk.longest),
    ...(repository !== undefined && { repositories: [repository] }),
    by,
    spot: { user: spot.user, channel: state.channel ?? spot.channel },
  });
}

/** What went wrong with its numbers, where it came from, and what must hold afterwards. */
export function wordsOfFix(state: RolloutState): string {
  const { flag, phase, origin } = state;
  const run = state.stages.findLast(({ left }) => left === 'halted' || left === 'rolled-back');
  const because =
    phase.kind === 'halted' || phase.kind === 'rolled-back' ? phase.because : (run?.because ?? '');
  const harmed = phase.kind === 'halted' ? phase.metrics : [];
  const named = (state.plan?.metrics ?? []).filter(({ name, kind }) =>
    harmed.length > 0 ? harmed.includes(name) : kind === 'guardrail',
  );
  const numbers = named.flatMap((metric) => {
    const evidence = state.evidence[metric.name];
    return evidence ? [`${metric.name}: ${countsOf(metric, evidence)} (with the flag on vs without)`] : [];
  });
  const place = run ? ` at ${run.percent} % in ${run.environment}` : '';
  return [
    `Fix what stopped the rollout of the flag ${flag}${place}.`,
    because,
    ...numbers,
    ...(origin?.kind === 'feature'
      ? [`The change came with the feature ${origin.feature} in ${origin.repository}.`]
      : []),
    ...named.map(
      ({ name }) =>
        `When ${flag} is on, then ${name} is no worse than with ${flag} off, for the requests that showed it.`,
    ),
    'Keep the change behind the same flag.',
  ]
    .filter(Boolean)
    .join('\n');
}

export function wordsOfRemoval({ flag, title, startedAt, phase, origin }: RolloutState): string {
  const since = phase.kind === 'finished' ? ` since ${phase.at.slice(0, 10)}` : '';
  const what = title === undefined ? '' : ` (${title})`;
  return [
    `Remove the flag ${flag}${what} from the code: everybody has had it${since}.`,
    `When somebody uses what ${flag} guards, then it behaves as with the flag on.`,
    `When the code is searched for ${flag}, then nothing is found.`,
    ...(origin?.kind === 'feature' ? [`It came with the feature ${origin.feature}.`] : []),
    ...(startedAt === undefined ? [] : [`Its rollout began ${startedAt.slice(0, 10)}.`]),
  ].join('\n');
}
