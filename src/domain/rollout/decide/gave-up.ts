import type { Decision } from '../../process.ts';
import type { JobCommand } from '../commands.ts';
import { inSeconds } from '../course.ts';
import type { RolloutEvent } from '../events.ts';
import { keysOf, tellKey } from '../pending.ts';
import type { Tick } from '../reading.ts';
import { sentence } from '../say.ts';
import type { RolloutState } from '../state.ts';
import { environmentNow } from '../state.ts';
import { ticked } from './ticking.ts';

const setAgainSeconds = 60;
const offAgainSeconds = 5;
const confirmAgainSeconds = 30;

/** A job could not be done. Undefined when that job is not pending any more. */
export function decideGaveUp(
  state: RolloutState,
  command: Extract<JobCommand, { type: 'gave-up' }>,
  now: Date,
): Decision<RolloutEvent> | undefined {
  const events = afterwards(state, command, now);
  return events && { accept: events };
}

function afterwards(
  state: RolloutState,
  { key, because: reason }: Extract<JobCommand, { type: 'gave-up' }>,
  now: Date,
): readonly RolloutEvent[] | undefined {
  const keys = keysOf(state);
  const why = sentence(reason);
  switch (key) {
    case keys.readPlan:
      return [{ type: 'not-begun', reason: 'plan-problem', because: why }];
    case keys.checkStart:
      return [
        { type: 'not-begun', reason: 'flag-service', checkAt: inSeconds(now, setAgainSeconds), because: why },
      ];
    case keys.rehearse:
      return [
        {
          type: 'not-begun',
          reason: 'flag-service',
          because: `The way back could not be tried, so nobody is exposed: ${why}`,
        },
      ];
    case keys.setExposure:
      return [
        {
          type: 'held',
          reason: 'flag-service',
          againAt: inSeconds(now, setAgainSeconds),
          because: `The flag could not be set to ${state.wanted.percent} %, or clients do not follow; that is tried again every minute: ${why}`,
        },
      ];
    case keys.watch:
      return ticked(state, { type: 'ticked', key, tick: emptyTick(state, reason, now) }, now);
    case keys.switchOff:
      return [
        {
          type: 'switch-off-failed',
          againAt: inSeconds(now, offAgainSeconds),
          because: `${state.flag} COULD NOT BE SWITCHED OFF in ${environmentNow(state) ?? 'its environment'}: ${why} Switch it off by hand in the flag service. Slipway tries again every ${offAgainSeconds} s.`,
        },
      ];
    case keys.confirmOff:
      return [
        {
          type: 'clients-not-obeyed',
          againAt: inSeconds(now, confirmAgainSeconds),
          because: `The flag is off, but it is not certain that everybody's clients have followed: ${why}`,
        },
      ];
    case keys.openIssue:
      return [{ type: 'issue-not-opened', because: `No issue was opened: ${why}` }];
    default:
      return untold(state, key, why);
  }
}

/** What could not be read does not end the watch: it is a tick in which the metrics did not answer. */
function emptyTick(state: RolloutState, because: string, now: Date): Tick {
  const lag = state.plan?.lagSeconds ?? 0;
  const from = state.lastTickAt ?? state.written?.countFrom ?? now.toISOString();
  const at = Math.max(Date.parse(from) + 1000, now.getTime() - lag * 1000);
  const names = state.plan?.metrics.map(({ name }) => name) ?? [];
  const down = { kind: 'provider-down', because } as const;
  return {
    at: new Date(at).toISOString(),
    from,
    readings: Object.fromEntries(names.map((name) => [name, down])),
  };
}

/** A message that cannot be shown must not hold anything up: it is tried again when it changes. */
function untold(state: RolloutState, key: string, why: string): readonly RolloutEvent[] | undefined {
  const message = state.messages.find((candidate) => tellKey(candidate) === key);
  if (!message) return undefined;
  const because = `Could not be shown: ${why}`;
  return [{ type: 'message-told', key: message.key, version: message.version, because }];
}
