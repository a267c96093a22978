import type { Judgement } from '../evidence/evidence.ts';
import { sampleRatioBroken } from '../evidence/evidence.ts';
import { isWritten } from '../pending.ts';
import type { Tick } from '../reading.ts';
import { count, duration, sentence, share } from '../say.ts';
import type { HoldReason, Plan, RolloutState } from '../state.ts';
import { stageNow } from '../state.ts';
import { driftOf } from './exposing.ts';
import { metricsInWords } from './harm.ts';

/** Why a rollout stays where it is. */
export type Cause = { readonly reason: HoldReason; readonly because: string };

type Seen = { readonly plan: Plan; readonly tick: Tick; readonly judgement: Judgement };

const ticksOfPatience = 2;
const ticksWithoutFlagOfPatience = 3;
/** So many ticks after the warm-up count as soon after a change. */
const soonTicks = 5;

/** What somebody else changed. A tick from before our own write saw the flag as it was then. */
export function driftNow(state: RolloutState, tick: Tick): string | undefined {
  const { at, flag, flagUnfit, flagProblem } = tick;
  const { written } = state;
  if (!written || !isWritten(state) || Date.parse(at) < Date.parse(written.at)) return undefined;
  if (flagUnfit) return sentence(flagProblem ?? 'Somebody changed the flag.');
  return flag && driftOf(flag, written);
}

/** Why it must stay where it is by itself, the weightiest first. */
export function causeOf(state: RolloutState, { plan, tick, judgement }: Seen): Cause | undefined {
  const { phase, sampleRatio, verdict } = state;
  const refused = phase.kind === 'holding' && phase.reason === 'flag-service' && !isWritten(state);
  if (refused) return { reason: 'flag-service', because: phase.because };
  if (sampleRatio && sampleRatioBroken(sampleRatio)) {
    const { exposed, control, percent } = sampleRatio;
    const seen = share(exposed / Math.max(1, exposed + control));
    return {
      reason: 'sample-ratio',
      because: `${count(exposed)} of ${count(exposed + control)} users are exposed (${seen}), which ${percent} % cannot explain: the cohorts cannot be compared.${slowClients(state, { plan, tick })}`,
    };
  }
  if (
    state.ticksWithoutData >= ticksOfPatience &&
    verdict &&
    (verdict.name === 'no-data' || verdict.name === 'provider-down')
  )
    return { reason: verdict.name, because: verdict.because };
  if (state.ticksWithoutFlag >= ticksWithoutFlagOfPatience)
    return {
      reason: 'flag-service',
      because: `The flag could not be looked at for ${state.ticksWithoutFlag} ticks: ${sentence(tick.flagProblem ?? '')}`,
    };
  if (judgement.signals.length > 0)
    return { reason: 'signal', because: metricsInWords(state, { plan, names: judgement.signals }) };
  return overdue(state);
}

/** Soon after a change, a wrong share may be that of clients which have not heard of it. */
function slowClients({ written }: RolloutState, { plan, tick }: Pick<Seen, 'plan' | 'tick'>): string {
  const since = (Date.parse(tick.at) - Date.parse(written?.at ?? tick.at)) / 1000;
  if (since > plan.warmUpSeconds + soonTicks * plan.tickSeconds) return '';
  return ` The flag was changed ${duration(since)} before: clients may follow more slowly than \`warmUpSeconds\` (${plan.warmUpSeconds}) allows; raise it if so.`;
}

/** The longest stay is over and nothing is proved: a person is asked, nothing is shipped or taken back. */
function overdue(state: RolloutState): Cause | undefined {
  const { soakFrom, lastTickAt, verdict } = state;
  const stage = stageNow(state);
  if (!stage || soakFrom === undefined || lastTickAt === undefined || verdict?.name === 'safe')
    return undefined;
  const stayed = (Date.parse(lastTickAt) - Date.parse(soakFrom)) / 60_000;
  if (stayed < stage.maxSoakMinutes || !isWritten(state)) return undefined;
  return {
    reason: 'max-soak',
    because: `The longest stay at ${stage.percent} %, ${duration(stage.maxSoakMinutes * 60)}, is over without proof. ${verdict?.because ?? ''} It is watched on; a person can decide.`,
  };
}
