import { keysOf } from '../../domain/rollout/pending.ts';
import { environmentNow, type RolloutState } from '../../domain/rollout/state.ts';
import { sentenceOf } from '../../errors.ts';
import type { Desk, PersonActor } from '../desk.ts';

export type Halted =
  | { readonly kind: 'off'; readonly state: RolloutState }
  /** It is stopped before it exposed anybody; the flag is as others left it. */
  | { readonly kind: 'untouched'; readonly state: RolloutState }
  /** It is halted, and the flag service did not obey; the queue goes on trying. */
  | { readonly kind: 'trying'; readonly state: RolloutState; readonly because: string }
  | { readonly kind: 'refused'; readonly because: string };

/**
 * Stops a rollout and switches its flag off at once, without waiting in any queue. When that call does not
 * succeed, the job that is owed for the halt repeats it; when both come through, off twice is off.
 */
export async function haltNow(
  desk: Pick<Desk, 'engine' | 'flags'>,
  request: {
    readonly id: string;
    readonly command: { readonly type: 'halt' | 'roll-back'; readonly reason?: string };
    readonly by: PersonActor;
  },
): Promise<Halted> {
  const { id, command, by } = request;
  const sent = await desk.engine.send({ kind: 'rollout', id, command, by });
  if ('refused' in sent) return { kind: 'refused', because: sent.refused };
  const { state } = sent;
  if (state.off === undefined) return { kind: 'untouched', state };
  const key = keysOf(state).switchOff;
  const environment = environmentNow(state);
  if (key === undefined || !state.plan || environment === undefined) return { kind: 'off', state };
  if (!desk.flags) return { kind: 'trying', state, because: 'No flag service is configured here.' };
  try {
    const { route } = await desk.flags.off({ project: state.plan.project, flag: state.flag, environment });
    const at = new Date().toISOString();
    // Refused when the job was quicker: then it is recorded already.
    await desk.engine.send({
      kind: 'rollout',
      id,
      command: { type: 'switched-off', key, route, at },
      by: { kind: 'job', name: 'switch-off' },
    });
    return { kind: 'off', state };
  } catch (error) {
    return { kind: 'trying', state, because: sentenceOf(error) };
  }
}
