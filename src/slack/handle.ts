import { isFinal } from '../domain/feature/state.ts';
import { isOver } from '../domain/rollout/state.ts';
import type { InboxEntry } from '../engine/inbox.ts';
import { openAskDialog, runCommand } from './asks.ts';
import { click } from './clicks.ts';
import { type Desk, featureId, type PersonActor, rolloutId, type Spot, tellPrivately } from './desk.ts';
import { submit } from './dialogs.ts';
import { publishHome } from './home.ts';
import { type Inbound, readBody, sameCommand } from './inbound.ts';
import { hear } from './messages.ts';

/** The one shortcut of the manifest. */
const shortcutId = 'turn-into-feature';

/**
 * Handles what the journal holds. It may be handled again after a crash: names of features follow from the
 * message, and a process refuses or ignores what it has already done.
 */
export function createHandler(desk: Desk): (entry: InboxEntry) => Promise<void> {
  return async (entry) => {
    const seen = readBody(entry.body, desk.bot);
    if (seen.kind === 'none') return;
    if (seen.kind === 'home') return publishHome(desk, seen.user);
    const actor = () => actorOf(desk, spotOf(seen));
    if (seen.kind === 'message') return hear(desk, seen, actor);
    const by = await actor();
    if (by) await act(desk, seen, by, await sourceOf(desk, entry));
  };
}

/** People see within seconds that a command was not answered, and type it again. */
const typedAgainMs = 120_000;

/**
 * The entry that a person's message goes back to. A command whose acknowledgement was lost was heard all the
 * same, and is typed again: both are the one request, as long as that is under way.
 */
async function sourceOf(desk: Desk, entry: InboxEntry): Promise<string> {
  const like = sameCommand(entry.body);
  if (!like) return entry.id;
  const first = await desk.engine.inbox.firstLike({ id: entry.id, like, withinMs: typedAgainMs });
  if (first === undefined || first === entry.id) return entry.id;
  return (await isPast(desk, first)) ? entry.id : first;
}

/** Whether what a message started has come to its end. */
async function isPast({ engine }: Desk, source: string): Promise<boolean> {
  const feature = await engine.read('feature', featureId(source));
  if (feature) return isFinal(feature.state.phase);
  const rollout = await engine.read('rollout', rolloutId(source));
  return rollout !== undefined && isOver(rollout.state.phase);
}

async function act(
  desk: Desk,
  seen: Exclude<Inbound, { kind: 'none' | 'home' | 'message' }>,
  by: PersonActor,
  source: string,
): Promise<void> {
  switch (seen.kind) {
    case 'command':
      return runCommand(desk, {
        name: seen.name,
        text: seen.text,
        source,
        trigger: seen.trigger,
        by,
        spot: spotOf(seen),
      });
    case 'action':
      return click(desk, seen, by);
    case 'submission':
      return submit(desk, seen, by, source);
    case 'shortcut': {
      if (seen.callback !== shortcutId) return;
      const message = seen.message.thread ?? seen.message.ts;
      return openAskDialog(desk, {
        trigger: seen.trigger,
        words: seen.message.text,
        message,
        spot: spotOf(seen),
      });
    }
  }
}

function spotOf(seen: Exclude<Inbound, { kind: 'none' | 'home' }>): Spot {
  switch (seen.kind) {
    case 'command':
    case 'shortcut':
      return { user: seen.user, channel: seen.channel };
    case 'message':
    case 'action':
      return { user: seen.user, channel: seen.channel, thread: seen.thread };
    case 'submission':
      return { user: seen.user, channel: '' };
  }
}

/** The person with the rights they have now; a stranger is told why they have none. */
async function actorOf(desk: Desk, spot: Spot): Promise<PersonActor | undefined> {
  const actor = await desk.people.actor(spot.user);
  if (!('refuse' in actor)) return actor;
  await tellPrivately(desk, spot, actor.refuse);
  return undefined;
}
