import type { Decision } from '../process.ts';
import type { JobCommand } from './commands.ts';
import { noTraffic, planRead, rehearsed, startChecked } from './decide/beginning.ts';
import { exposureConflict, exposureSet } from './decide/exposing.ts';
import { decideGaveUp } from './decide/gave-up.ts';
import { ticked } from './decide/ticking.ts';
import type { RolloutEvent } from './events.ts';
import { keysOf, tellKey } from './pending.ts';
import { clock, duration, sentence } from './say.ts';
import type { RolloutState } from './state.ts';
import { environmentNow } from './state.ts';

type Keys = ReturnType<typeof keysOf>;

/** The job whose answer a command is. */
const answerOf: Readonly<Record<Exclude<JobCommand['type'], 'told' | 'gave-up' | 'not-ready'>, keyof Keys>> =
  {
    'plan-read': 'readPlan',
    'start-checked': 'checkStart',
    'no-traffic': 'readPlan',
    rehearsed: 'rehearse',
    'exposure-set': 'setExposure',
    'exposure-conflict': 'setExposure',
    ticked: 'watch',
    'switched-off': 'switchOff',
    'clients-obeyed': 'confirmOff',
    'issue-opened': 'openIssue',
  };

/** Decides about the answers of jobs. An answer whose key is no longer pending is late and changes nothing. */
export function decideJob(state: RolloutState, command: JobCommand, now: Date): Decision<RolloutEvent> {
  const late = { refuse: `The answer of ${command.key} is late: the rollout has gone on.` };
  const keys = keysOf(state);
  switch (command.type) {
    case 'told':
      return decideTold(state, command);
    case 'gave-up':
      return decideGaveUp(state, command, now) ?? late;
    case 'not-ready': {
      if (command.key !== keys.readPlan && command.key !== keys.rehearse) return late;
      const reason = command.key === keys.readPlan ? 'plan-problem' : 'flag-service';
      const { rehearsal, because } = command;
      return {
        accept: [{ type: 'not-begun', reason, ...(rehearsal && { rehearsal }), because: sentence(because) }],
      };
    }
    default:
      if (command.key !== keys[answerOf[command.type]]) return late;
      return { accept: answered(state, command, now) };
  }
}

type Answer = Exclude<JobCommand, { type: 'told' | 'gave-up' | 'not-ready' }>;

function answered(state: RolloutState, command: Answer, now: Date): readonly RolloutEvent[] {
  switch (command.type) {
    case 'plan-read':
      return planRead(state, command);
    case 'no-traffic':
      return noTraffic(command);
    case 'start-checked':
      return startChecked(state, command, now);
    case 'rehearsed':
      return rehearsed(state, command, now);
    case 'exposure-set':
      return exposureSet(state, command);
    case 'exposure-conflict':
      return exposureConflict(state, command);
    case 'ticked':
      return ticked(state, command, now);
    case 'switched-off':
      return [switchedOff(state, command)];
    case 'clients-obeyed':
      return [clientsObeyed(state, command)];
    case 'issue-opened': {
      const { issue } = command;
      return [{ type: 'issue-opened', issue, because: `Issue ${issue.key} holds the evidence of the halt.` }];
    }
  }
}

function switchedOff(state: RolloutState, command: Extract<Answer, { type: 'switched-off' }>): RolloutEvent {
  const { route, at } = command;
  const seconds = secondsSince(state.off?.wantedAt, at);
  const refused = route === 'off' ? '' : ' Switching it off was refused.';
  return {
    type: 'switched-off',
    route,
    at,
    because: `${state.flag} is ${route === 'off' ? 'off' : 'at 0 %'} in ${environmentNow(state) ?? 'its environment'}, ${duration(seconds)} after it was asked for.${refused}`,
  };
}

function clientsObeyed(
  state: RolloutState,
  command: Extract<Answer, { type: 'clients-obeyed' }>,
): RolloutEvent {
  const { at, because } = command;
  const seconds = secondsSince(state.off?.wantedAt, at);
  return {
    type: 'clients-obeyed',
    at,
    because: `${duration(seconds)} after the halt (${clock(at)}) nobody got ${state.flag} any more. ${sentence(because)}`,
  };
}

function secondsSince(from: string | undefined, to: string): number {
  return from === undefined ? 0 : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}

function decideTold(
  state: RolloutState,
  command: Extract<JobCommand, { type: 'told' }>,
): Decision<RolloutEvent> {
  const message = state.messages.find((candidate) => candidate.key === command.message);
  if (!message || tellKey(message) !== command.key)
    return { refuse: `The answer of ${command.key} is late: the message was drawn again.` };
  const because = message.ts === undefined ? 'Posted in the thread.' : 'Redrawn in the thread.';
  const { version, ts } = command;
  return { accept: [{ type: 'message-told', key: command.message, version, ts, because }] };
}
