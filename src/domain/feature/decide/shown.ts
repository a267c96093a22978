import type { Decision } from '../../process.ts';
import type { JobCommand } from '../commands.ts';
import type { FeatureEvent } from '../events.ts';
import { keepKey, markKey, releaseKey, tellKey } from '../pending.ts';
import type { FeatureState } from '../state.ts';

type Of<Type extends JobCommand['type']> = Extract<JobCommand, { type: Type }>;

/** A message was drawn. */
export function decideTold(state: FeatureState, command: Of<'told'>): Decision<FeatureEvent> {
  const message = state.messages.find((candidate) => candidate.key === command.message);
  if (!message || tellKey(message) !== command.key) {
    return { refuse: `The answer of ${command.key} is late: the message was drawn again.` };
  }
  const because = message.ts === undefined ? 'Posted in the thread.' : 'Redrawn in the thread.';
  return {
    accept: [
      { type: 'message-told', key: command.message, version: command.version, ts: command.ts, because },
    ],
  };
}

/** A reaction was set. */
export function decideMarked(state: FeatureState, command: Of<'marked'>): Decision<FeatureEvent> {
  const mark = state.marks[command.ts];
  if (!mark || markKey(command.ts, mark.times) !== command.key) {
    return { refuse: `The answer of ${command.key} is late: the reaction was set again.` };
  }
  return {
    accept: [
      {
        type: 'marked',
        ts: command.ts,
        ...(command.mark && { mark: command.mark }),
        because: command.mark ? `Marked as ${command.mark}.` : 'The mark was taken away.',
      },
    ],
  };
}

/** Unfinished work is on its branch. */
export function decideKept(state: FeatureState, command: Of<'branch-kept'>): Decision<FeatureEvent> {
  if (command.key !== keepKey(state)) return { refuse: `The answer of ${command.key} is late.` };
  const { branch, url, headSha } = command;
  const because = `What was built is on ${branch} at ${headSha.slice(0, 7)}; it is not proved.`;
  return { accept: [{ type: 'branch-kept', branch, url, headSha, because }] };
}

/** What is not work must not hold up the work: a message that cannot be shown is tried again when it changes. */
export function decideUntold(state: FeatureState, command: Of<'gave-up'>): Decision<FeatureEvent> {
  if (command.key === keepKey(state)) {
    const because = `What was built could not be put on a branch: ${command.because}`;
    return { accept: [{ type: 'branch-not-kept', because }] };
  }
  if (command.key === releaseKey(state) && state.phase.kind === 'merged') {
    const because = `The rollout could not be started: ${command.because} Start it with /rollout start.`;
    return { accept: [{ type: 'rollout-not-started', because }] };
  }
  const message = state.messages.find((candidate) => tellKey(candidate) === command.key);
  if (message) {
    const because = `Could not be shown: ${command.because}`;
    return { accept: [{ type: 'message-told', key: message.key, version: message.version, because }] };
  }
  const mark = Object.entries(state.marks).find(
    ([ts, candidate]) => markKey(ts, candidate.times) === command.key,
  );
  if (mark) {
    const [ts, { wanted }] = mark;
    return {
      accept: [
        {
          type: 'marked',
          ts,
          ...(wanted && { mark: wanted }),
          because: `Could not be marked: ${command.because}`,
        },
      ],
    };
  }
  return { refuse: `The answer of ${command.key} is late.` };
}
