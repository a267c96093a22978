import type { JobCommand } from '../commands.ts';
import { entered, hindrance, inSeconds, notYet } from '../course.ts';
import type { RolloutEvent } from '../events.ts';
import { duration, sentence } from '../say.ts';
import type { RolloutState } from '../state.ts';
import { environmentNow } from '../state.ts';

type Of<Type extends JobCommand['type']> = Extract<JobCommand, { type: Type }>;

const obstacleSeconds = 30;

/** What was planned; it begins by itself unless a stage can never be proved at the present traffic. */
export function planRead(state: RolloutState, command: Of<'plan-read'>): readonly RolloutEvent[] {
  const { plan, hash, forecast } = command;
  const percents = plan.stages.map(({ percent }) => percent).join(', ');
  const planned: RolloutEvent = {
    type: 'planned',
    plan,
    hash,
    forecast,
    because: `${state.flag} goes through ${percents} %, then to everybody, in ${plan.environments.join(', then ')}.`,
  };
  const hopeless = forecast.stages.filter(({ minutesToSafe }) => minutesToSafe === null);
  if (hopeless.length === 0) return [planned];
  const because = `Not every stage can be proved at the present traffic: ${hopeless
    .map(({ because: why }) => why)
    .join(
      '; ',
    )}. There a person will have to decide. ${state.owner?.name ?? 'The owner'} can begin all the same.`;
  return [planned, { type: 'not-begun', reason: 'unprovable', because }];
}

/** Without traffic nothing can be foretold or proved; it is looked for again by itself. */
export function noTraffic(command: Of<'no-traffic'>): readonly RolloutEvent[] {
  return [notYet({ reason: 'no-data', because: sentence(command.because) }, command.againAt)];
}

/** Other rollouts, other flags and freezes come before the first exposure; they are looked at again by themselves. */
export function startChecked(
  state: RolloutState,
  command: Of<'start-checked'>,
  now: Date,
): readonly RolloutEvent[] {
  const { obstacle } = command;
  if (obstacle)
    return [notYet({ ...obstacle, because: sentence(obstacle.because) }, inSeconds(now, obstacleSeconds))];
  const frozen = frozenNow(state, now);
  if (frozen) return [frozen];
  const where = environmentNow(state) ?? 'the environment';
  return [
    {
      type: 'rehearsal-began',
      because: `Nothing stands in the way; the way back is tried in ${where} before anybody is exposed.`,
    },
  ];
}

/** The way back works: the first stage, or after a halt the one before that which was halted. */
export function rehearsed(state: RolloutState, command: Of<'rehearsed'>, now: Date): readonly RolloutEvent[] {
  const { rehearsal, flag, dispersion } = command;
  const failed = rehearsal.checks.filter(({ ok }) => !ok);
  const unready = (because: string): readonly RolloutEvent[] => [
    { type: 'not-begun', reason: 'flag-service', rehearsal, because },
  ];
  if (failed.length > 0)
    return unready(
      `The way back does not work: ${failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ')}.`,
    );
  if (!flag.enabled || flag.percent !== 0)
    return unready(
      `After the rehearsal the flag should be on at 0 %, but it is ${flag.enabled ? 'on' : 'off'} at ${flag.percent} %.`,
    );
  const frozen = frozenNow(state, now);
  if (frozen) return [frozen];
  const resumed = state.stage >= 0;
  const stage = resumed ? Math.max(0, state.stage - 1) : 0;
  const percent = state.plan?.stages[stage]?.percent ?? 0;
  const tried = `The way back works: ${rehearsal.checks.map(({ name }) => name).join(', ')}`;
  const seconds =
    rehearsal.offSeconds === undefined ? '' : `; clients followed within ${duration(rehearsal.offSeconds)}`;
  return [
    { type: 'rehearsed', rehearsal, flag, dispersion, because: `${tried}${seconds}.` },
    entered(state, {
      to: { stage, percent },
      how: resumed ? 'resumed' : 'first',
      because: resumed
        ? `It goes on with ${percent} %, one stage below the one that was stopped; that is proved anew.`
        : `${percent} % of the users get ${state.flag} first.`,
    }),
  ];
}

function frozenNow(state: RolloutState, now: Date): RolloutEvent | undefined {
  const { obstacle: _obstacle, ...alone } = state;
  const hold = hindrance(alone, now);
  if (!hold) return undefined;
  return notYet(hold, hold.until ?? inSeconds(now, obstacleSeconds));
}
