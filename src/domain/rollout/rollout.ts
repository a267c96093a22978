import type { Actor, Decision, Process } from '../process.ts';
import type { JobCommand, PersonCommand, RolloutCommand } from './commands.ts';
import { decideJob } from './decide-jobs.ts';
import { decidePerson } from './decide-people.ts';
import type { RolloutEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { pendingJobs } from './pending.ts';
import type { RolloutState } from './state.ts';
import { initial, placeOf } from './state.ts';

function isOfJob(command: RolloutCommand): command is JobCommand {
  return 'key' in command;
}

function decide(state: RolloutState, command: RolloutCommand, by: Actor, now: Date): Decision<RolloutEvent> {
  if (isOfJob(command)) {
    if (by.kind !== 'job') return { refuse: 'Only a job may answer for a job.' };
    return decideJob(state, command, now);
  }
  const asked: PersonCommand = command;
  return decidePerson(state, asked, by, now);
}

/** The life of a ramp: from a flag nobody has to everybody having it, on proof, with a way back at every step. */
export const rollout: Process<RolloutState, RolloutCommand, RolloutEvent> = {
  kind: 'rollout',
  initial,
  decide,
  evolve,
  pendingJobs,
  placeOf,
};
