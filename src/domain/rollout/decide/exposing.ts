import type { JobCommand } from '../commands.ts';
import { completed } from '../course.ts';
import type { RolloutEvent } from '../events.ts';
import type { FlagSight } from '../reading.ts';
import { clock, sentence } from '../say.ts';
import type { RolloutState, Written } from '../state.ts';
import { environmentNow, holdsForPerson } from '../state.ts';

type Of<Type extends JobCommand['type']> = Extract<JobCommand, { type: Type }>;

/** The flag service confirmed the percentage. */
export function exposureSet(state: RolloutState, command: Of<'exposure-set'>): readonly RolloutEvent[] {
  const { flag, at } = command;
  const { percent } = state.wanted;
  if (flag.percent !== percent || !flag.enabled)
    return exposureConflict(state, {
      type: 'exposure-conflict',
      key: command.key,
      flag,
      because: `It should be on at ${percent} %, and is ${sightInWords(flag)}`,
    });
  const { phase } = state;
  const set: RolloutEvent = {
    type: 'exposure-set',
    flag,
    at,
    because: `${state.flag} is at ${percent} % in ${environmentNow(state) ?? 'its environment'}, read back from the flag service.`,
  };
  const answered: RolloutEvent[] =
    phase.kind === 'holding' && phase.reason === 'flag-service'
      ? [{ type: 'released', because: 'The flag service took the change.' }]
      : [];
  if (percent < 100) return [set, ...answered];
  const stays = phase.kind === 'holding' && holdsForPerson.includes(phase.reason);
  return stays ? [set] : [set, completed(state)];
}

/** Somebody else changed the flag meanwhile: we never write over a person. */
export function exposureConflict(
  state: RolloutState,
  command: Of<'exposure-conflict'>,
): readonly RolloutEvent[] {
  const { flag, because } = command;
  return [
    {
      type: 'held',
      reason: 'drift',
      ...(flag && { flag }),
      because: `The flag was not as Slipway left it. ${sentence(because)} Resuming sets it to ${state.wanted.percent} %.`,
    },
  ];
}

/** What about the flag is not as we wrote it; undefined when all is. */
export function driftOf(flag: FlagSight, written: Written): string | undefined {
  const { foreign } = flag;
  const who = foreign ? ` ${foreign.by} changed it (${foreign.what}, ${clock(foreign.at)}).` : '';
  if (!flag.enabled) return `Somebody switched the flag off; it was at ${written.percent} %.${who}`;
  if (flag.percent !== written.percent)
    return `The flag is at ${flag.percent} %, and Slipway left it at ${written.percent} %.${who}`;
  if (flag.strategy !== written.strategy)
    return `The flag has another strategy than the one Slipway set.${who}`;
  if (flag.stickiness !== written.stickiness)
    return `The flag's stickiness is ${flag.stickiness} instead of ${written.stickiness}, which reshuffles the users.${who}`;
  return foreign ? `Somebody else changed the flag.${who}` : undefined;
}

function sightInWords(flag: FlagSight): string {
  return `${flag.enabled ? 'on' : 'off'} at ${flag.percent} %`;
}
