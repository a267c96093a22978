import { threadOf } from '../domain/feature/state.ts';
import { GiveUp } from '../errors.ts';
import type { Told } from '../ports.ts';

/** What a message is about, as far as posting it goes. */
export type Subject = {
  readonly told: Told;
  readonly id: string;
  readonly channel: string;
  /** Absent until the first message of ours is posted. */
  readonly thread: string | undefined;
  /** Nothing about it was posted before this time (ISO 8601). */
  readonly since: string;
  readonly message: { readonly version: number; readonly ts?: string };
  /** Whether this message opens the thread. */
  readonly opens: boolean;
  /** Whether there is a picture in it. */
  readonly shows: 'halt' | 'words';
};

/** A message of a process, with the place it belongs to. */
export function subjectOf(told: Told, messageKey: string): Subject {
  const { state } = told;
  const message = state.messages.find((candidate) => candidate.key === messageKey);
  const at = placeOf(told);
  if (!message || !at) throw new GiveUp(`Drawing ${messageKey} of ${state.id}: there is no such message.`);
  const { kind } = message.about;
  const opens = kind === 'root' || kind === 'rollout-root';
  return { told, id: state.id, ...at, message, opens, shows: kind === 'rollout-halt' ? 'halt' : 'words' };
}

function placeOf(told: Told): Pick<Subject, 'channel' | 'thread' | 'since'> | undefined {
  switch (told.kind) {
    case 'feature': {
      const { request } = told.state;
      return request && { channel: request.channel, thread: threadOf(told.state), since: request.at };
    }
    case 'rollout': {
      const { channel, thread, startedAt } = told.state;
      return channel === undefined || startedAt === undefined
        ? undefined
        : { channel, thread, since: startedAt };
    }
  }
}
