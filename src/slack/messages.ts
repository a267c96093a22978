import type { RolloutState } from '../domain/rollout/state.ts';
import { runCommand } from './asks.ts';
import { type Desk, featureId, type PersonActor, sendAs } from './desk.ts';
import type { Inbound } from './inbound.ts';
import { recentRollouts } from './rollouts/open-rollouts.ts';

type Message = Extract<Inbound, { kind: 'message' }>;

/** Words that a thread may hold without the bot taking them for its own. */
const asides = /^(aside\b|🤫|:shushing_face:)/i;

/** Words to the bot that are the same as `/slipway` with that word. */
const asksAboutSlipway = /^(help|running|mine|queue)$/i;

/** A message for us: in the thread of a feature, or one that names the bot. */
export async function hear(
  desk: Desk,
  message: Message,
  actor: () => Promise<PersonActor | undefined>,
): Promise<void> {
  const { channel, ts, text, user, mention } = message;
  const thread = message.thread ?? ts;
  const spot = { user, channel, thread: message.thread };
  if (mention && (text === '' || asksAboutSlipway.test(text))) {
    const by = await actor();
    if (by) await runCommand(desk, { name: '/slipway', text: text.toLowerCase(), source: '', by, spot });
    return;
  }
  const ramp = await desk.engine.findByThread('rollout', { channel, thread });
  if (await heardAsCommand(desk, message, { here: ramp?.state, actor })) return;
  const saved = await desk.engine.findByThread('feature', { channel, thread });
  if (saved) {
    // The message that asked for it, handled again after a crash, is no further note.
    if (ts === thread || saved.id === featureId(sourceOf(message)) || asides.test(text)) return;
    const by = await actor();
    if (!by) return;
    if (/^stop[.!]?$/i.test(text) && saved.state.request?.by.id === user) {
      await sendAs(desk, { id: saved.id, command: { type: 'stop' }, by, spot });
      return;
    }
    await sendAs(desk, { id: saved.id, command: { type: 'say', ts, text }, by, spot });
    return;
  }
  if (!mention) return;
  const by = await actor();
  if (!by) return;
  const words = text.replace(/^\/?feature\b:?\s*/i, '');
  // A mention in a thread that is not a feature's starts one there: the thread hangs on its first message.
  await runCommand(desk, {
    name: '/feature',
    text: words || text,
    source: sourceOf(message),
    message: thread,
    by,
    spot,
  });
}

/** The one word that stops a rollout in its thread without a mention: who types it has no time. */
const emergency = /^halt[.!]*$/i;

/** Words for a rollout: a mention that a command knows as its own, or the bare word that stops. */
async function heardAsCommand(
  desk: Desk,
  message: Message,
  about: { readonly here: RolloutState | undefined; readonly actor: () => Promise<PersonActor | undefined> },
): Promise<boolean> {
  const { here, actor } = about;
  const { text, user, channel, mention } = message;
  if (!mention && !(here && emergency.test(text))) return false;
  // Only to know the words; what the person may see is asked when the command runs.
  const flags = (await recentRollouts(desk)).map(({ flag }) => flag);
  for (const { name, hears } of desk.commands) {
    const words = hears?.(text, { here: here !== undefined, flags });
    if (words === undefined) continue;
    const by = await actor();
    const spot = { user, channel, thread: message.thread };
    // A rollout that is started in its feature's thread goes on there.
    const hangsOn = { message: message.thread ?? message.ts };
    if (by)
      await runCommand(desk, { name, text: words, source: sourceOf(message), ...hangsOn, here, by, spot });
    return true;
  }
  return false;
}

function sourceOf({ channel, ts }: Message): string {
  return `${channel}/${ts}`;
}
