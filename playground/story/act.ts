import type { Sight } from '../slack/control.ts';
import type { Message } from '../slack/model.ts';
import type { Outcome } from '../slack/people/interactions.ts';
import type { Workspace } from '../slack/workspace.ts';

/** What people in a story do: they look for a button by its words, and press again when Slack says it did not work. */
export type Act = {
  /** Types a slash command. */
  command(user: string, channel: string, words: string): Promise<void>;
  say(user: string, channel: string, thread: string, text: string): Promise<void>;
  /** Waits for a message in the thread that has such a button, and presses it. */
  press(user: string, thread: string, label: RegExp): Promise<void>;
  /** Waits for a message in the thread whose text (with its blocks) fits. */
  see(thread: string, text: RegExp, timeoutMs?: number): Promise<Message>;
};

const patienceMs = 60_000;

export function actIn(slack: Workspace, options: { readonly patienceMs?: number } = {}): Act {
  const patience = options.patienceMs ?? patienceMs;
  const insist = async (what: string, attempt: () => Promise<Outcome>) => {
    const deadline = Date.now() + patience;
    for (;;) {
      const outcome = await attempt();
      if (outcome.kind === 'done') return;
      if (Date.now() > deadline) throw new Error(`${what} did not work: ${JSON.stringify(outcome)}`);
      await connected(slack, deadline);
    }
  };
  return {
    command: (user, channel, words) =>
      insist(`${user}'s "${words}"`, () => slack.as(user).command(channel, words)),
    async say(user, channel, thread, text) {
      await slack.as(user).post(channel, text, thread);
    },
    async press(user, thread, label) {
      const what = `a button ${label} for ${user}`;
      const shown = ({ messages }: Sight) =>
        messages
          .filter(inThread(thread))
          .map((message) => buttonIn(message, label))
          .findLast(Boolean);
      let found: Button | undefined = await slack.waitFor(shown, { timeoutMs: patience, what });
      await insist(what, async () => {
        // The press before this one was heard after all: its answer was lost, and what it did is to be seen.
        found = found && shown(await slack.sight());
        if (!found) return { kind: 'done' };
        return slack.as(user).click(found.ts, found.actionId, { blockId: found.blockId });
      });
    },
    see: (thread, text, timeoutMs = patience) =>
      slack.waitFor(
        ({ messages }) => messages.filter(inThread(thread)).findLast((message) => text.test(textOf(message))),
        {
          timeoutMs,
          what: `a message ${text} in the thread`,
        },
      ),
  };
}

/** Waits until the bot has a socket open; a person would see its green dot. */
async function connected(slack: Workspace, deadline: number): Promise<void> {
  while ((await slack.sockets()).length === 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function inThread(thread: string): (message: Message) => boolean {
  return (message) => message.ts === thread || message.threadTs === thread;
}

type Button = { readonly ts: string; readonly blockId: string; readonly actionId: string };

/** The newest message's button with such words on it. */
export function buttonIn(message: Message, label: RegExp): Button | undefined {
  for (const block of message.blocks ?? []) {
    const elements = [block.accessory, ...(Array.isArray(block.elements) ? block.elements : [])];
    for (const element of elements) {
      if (!isButton(element) || !label.test(element.text.text)) continue;
      return { ts: message.ts, blockId: block.block_id, actionId: element.action_id };
    }
  }
  return undefined;
}

type ButtonElement = { readonly action_id: string; readonly text: { readonly text: string } };

function isButton(element: unknown): element is ButtonElement {
  return (
    typeof element === 'object' &&
    element !== null &&
    'type' in element &&
    element.type === 'button' &&
    'action_id' in element &&
    'text' in element
  );
}

/** A message as text, with everything its blocks say. */
export function textOf(message: Pick<Message, 'text' | 'blocks'>): string {
  return message.blocks ? message.blocks.map(textsIn).join('\n') : message.text;
}

function textsIn(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  if ('text' in value && typeof value.text === 'string') return value.text;
  return Object.values(value)
    .flatMap((inner) => (Array.isArray(inner) ? inner.map(textsIn) : [textsIn(inner)]))
    .filter(Boolean)
    .join('\n');
}
