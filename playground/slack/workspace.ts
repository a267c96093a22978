import type { Asked, BotLog, ControlName, Results, Sight } from './control.ts';
import type { ApiCall, Change, Ephemeral, Message, View } from './model.ts';
import type { Outcome } from './people/interactions.ts';

/** What one person can do. `target` is a message's ts, or a view's id. Channels go by id, `#name`, or `@app` for the direct message. */
export type Person = {
  post(channel: string, text: string, thread?: string): Promise<Results['post']>;
  /** Types a slash command, with its words: `'/feature add a chart'`. */
  command(channel: string, words: string, thread?: string): Promise<Outcome>;
  click(target: string, actionId: string, options?: ClickOptions): Promise<Outcome>;
  /** Fills the modal on top, by action id or block id, and submits it. */
  submit(values: Asked['submit']['values']): Promise<Outcome>;
  /** Closes the modal on top; with `all`, the whole stack, as the cross does. */
  closeModal(options?: { readonly all?: boolean }): Promise<Outcome>;
  shortcut(callbackId: string, messageTs?: string): Promise<Outcome>;
  openHome(tab?: 'home' | 'messages'): Promise<Results['openHome']>;
  react(messageTs: string, name: string): Promise<Results['react']>;
  unreact(messageTs: string, name: string): Promise<Results['react']>;
  /** Takes away a message that only they see. */
  dismiss(ts: string): Promise<Results['dismiss']>;
};
export type ClickOptions = {
  readonly blockId?: string;
  /** For a select, checkboxes and the like: what is chosen. */
  readonly value?: string | string[];
  /** What else is filled in on the same message or view. */
  readonly values?: Asked['submit']['values'];
};

/** What people and watchers see and do; the same for the process that runs the workspace, others, and the page. */
export type Workspace = {
  as(user: string): Person;
  sight(): Promise<Sight>;
  /** The channel's main column, oldest first. */
  messages(channel: string): Promise<readonly Message[]>;
  /** A parent and its replies. */
  thread(parentTs: string): Promise<readonly Message[]>;
  ephemerals(user: string): Promise<readonly Ephemeral[]>;
  modals(user: string): Promise<readonly View[]>;
  home(user: string): Promise<View | undefined>;
  /** What the bot posted, in order, with the number of duplicates. */
  log(): Promise<BotLog>;
  calls(): Promise<readonly ApiCall[]>;
  sockets(): Promise<Results['sockets']>;
  /** Looks again after every change until something is found; throws with `what` when time is up. */
  waitFor<Found>(
    look: (sight: Sight) => Found | undefined | null | false,
    options?: { readonly timeoutMs?: number; readonly what?: string },
  ): Promise<Found>;
  /** Posts, edits, deletions, reactions and private messages as they happen. Answers how to stop. */
  onMessage(listener: (change: MessageChange) => void): () => void;
  /** Every change, also those that are no message: for pages that redraw. */
  onChange(listener: (change: Change) => void): () => void;
  fault(request: Asked['fault']): Promise<Results['fault']>;
  dropAcks(count: number): Promise<Results['dropAcks']>;
  refresh(request?: Asked['refresh']): Promise<Results['refresh']>;
};
export type MessageChange = Exclude<Change, { kind: 'view' | 'warning' | 'other' }>;

/** How requests get to the workspace, and changes from it. */
export type Line = {
  call<Name extends ControlName>(name: Name, request: Asked[Name]): Promise<Results[Name]>;
  watch(listener: (change: Change) => void): () => void;
};

const DEFAULT_WAIT_MS = 10_000;

export function workspaceOn(line: Line): Workspace {
  const { call } = line;
  const sight = () => call('sight', {});
  return {
    as: (user) => personOn(line, user),
    sight,
    async messages(channel) {
      const { messages, channels } = await sight();
      const id = channels.find((each) => each.id === channel || `#${each.name}` === channel)?.id;
      return messages.filter(
        (message) => message.channel === id && (message.threadTs === undefined || message.broadcast),
      );
    },
    async thread(parentTs) {
      const { messages } = await sight();
      return messages.filter((message) => message.ts === parentTs || message.threadTs === parentTs);
    },
    async ephemerals(user) {
      return (await sight()).ephemerals.filter((each) => each.user === user);
    },
    async modals(user) {
      return (await sight()).modals[user] ?? [];
    },
    async home(user) {
      return (await sight()).homes[user];
    },
    log: () => call('log', {}),
    calls: () => call('calls', {}),
    sockets: () => call('sockets', {}),
    async waitFor(look, { timeoutMs = DEFAULT_WAIT_MS, what = 'what was waited for' } = {}) {
      const deadline = Date.now() + timeoutMs;
      let wake = (): void => {};
      const stop = line.watch(() => wake());
      try {
        for (;;) {
          const changed = new Promise<void>((resolve) => {
            wake = resolve;
            setTimeout(resolve, Math.max(0, Math.min(250, deadline - Date.now())));
          });
          const seen = await sight();
          const found = look(seen);
          if (found !== undefined && found !== null && found !== false) return found;
          if (Date.now() >= deadline) {
            const last = seen.messages.slice(-3).map((message) => message.text);
            throw new Error(
              `Waited ${timeoutMs} ms in the workspace for ${what}, and it did not come. The last messages: ${JSON.stringify(last)}.`,
            );
          }
          await changed;
        }
      } finally {
        stop();
      }
    },
    onMessage: (listener) =>
      line.watch((change) => {
        if (change.kind !== 'view' && change.kind !== 'warning' && change.kind !== 'other') listener(change);
      }),
    onChange: (listener) => line.watch(listener),
    fault: (request) => call('fault', request),
    dropAcks: (count) => call('dropAcks', { count }),
    refresh: (request = {}) => call('refresh', request),
  };
}

function personOn({ call }: Line, as: string): Person {
  return {
    post: (channel, text, thread) => call('post', { as, channel, text, thread }),
    command: (channel, words, thread) => call('command', { as, channel, words, thread }),
    click: (target, actionId, options = {}) => call('click', { as, target, actionId, ...options }),
    submit: (values) => call('submit', { as, values }),
    closeModal: (options = {}) => call('closeModal', { as, ...options }),
    shortcut: (callbackId, messageTs) => call('shortcut', { as, callbackId, messageTs }),
    openHome: (tab) => call('openHome', { as, tab }),
    react: (messageTs, name) => call('react', { as, messageTs, name }),
    unreact: (messageTs, name) => call('react', { as, messageTs, name, present: false }),
    dismiss: (ts) => call('dismiss', { as, ts }),
  };
}
