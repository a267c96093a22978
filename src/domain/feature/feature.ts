import type { Actor, Decision, Process } from '../process.ts';
import type { FeatureCommand, JobCommand, PersonCommand } from './commands.ts';
import { decideJob } from './decide-jobs.ts';
import { decidePerson } from './decide-people.ts';
import type { FeatureEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { pendingJobs } from './pending.ts';
import type { FeatureState } from './state.ts';
import { initial, threadOf } from './state.ts';

function isOfJob(command: FeatureCommand): command is JobCommand {
  return 'key' in command;
}

function decide(state: FeatureState, command: FeatureCommand, by: Actor, now: Date): Decision<FeatureEvent> {
  if (isOfJob(command)) {
    if (by.kind !== 'job') return { refuse: 'Only a job may answer for a job.' };
    return decideJob(state, command);
  }
  if (by.kind !== 'person') return { refuse: 'Only a person may ask for that.' };
  const personal: PersonCommand = command;
  return decidePerson(state, personal, by, now);
}

/** The life of a request, from the words in Slack to a proved draft pull request. */
export const feature: Process<FeatureState, FeatureCommand, FeatureEvent> = {
  kind: 'feature',
  initial,
  decide,
  evolve,
  pendingJobs,
  placeOf(state) {
    const thread = threadOf(state);
    return state.request && thread ? { channel: state.request.channel, thread } : undefined;
  },
};
