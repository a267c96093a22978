/**
 * What a workspace holds. Everything here is plain data that survives `JSON.stringify`, because the page
 * and other processes read it over HTTP exactly as it is in memory.
 */

/** A block as it was accepted: validated, and given a `block_id` when it had none. */
export type Block = { readonly type: string; readonly block_id: string; readonly [field: string]: unknown };

export type User = {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly isBot: boolean;
  /** A guest: cannot see channels without being a member. */
  readonly isRestricted: boolean;
  readonly isAdmin: boolean;
  readonly tz: string;
  readonly email: string | undefined;
};

export type Channel = {
  readonly id: string;
  /** Without `#`; for a direct message, the other person's id. */
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im';
  readonly members: readonly string[];
  readonly isArchived: boolean;
  readonly topic: string;
};

export type UserGroup = {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
};

export type Reaction = { readonly name: string; readonly users: readonly string[] };

export type StoredFile = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly size: number;
  readonly user: string;
  readonly url: string;
};

export type Metadata = {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
};

export type Message = {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  /** Shown in the channel too, although it is a reply. */
  readonly broadcast: boolean;
  readonly user: string;
  readonly byBot: boolean;
  readonly text: string;
  readonly blocks: readonly Block[] | undefined;
  readonly metadata: Metadata | undefined;
  readonly editedTs: string | undefined;
  readonly reactions: readonly Reaction[];
  readonly files: readonly StoredFile[];
  /** Deleted while it had replies: only its place is left. */
  readonly tombstone: boolean;
};

/** A message that one person sees. `from` is the bot, or Slackbot when Slack itself speaks. */
export type Ephemeral = {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  readonly user: string;
  readonly from: string;
  readonly text: string;
  readonly blocks: readonly Block[] | undefined;
};

export type PlainText = { readonly type: 'plain_text'; readonly text: string; readonly emoji?: boolean };

export type View = {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly user: string;
  readonly callbackId: string;
  readonly externalId: string;
  readonly privateMetadata: string;
  readonly title: PlainText | undefined;
  readonly submit: PlainText | undefined;
  readonly close: PlainText | undefined;
  readonly blocks: readonly Block[];
  readonly clearOnClose: boolean;
  readonly notifyOnClose: boolean;
  readonly hash: string;
  readonly rootViewId: string;
  readonly previousViewId: string | undefined;
};

/** The warning sign beside a button, or the line in a modal, after the app did not answer. */
export type Warning = {
  readonly user: string;
  /** The message's ts or the view's id. */
  readonly target: string;
  readonly actionId: string | undefined;
  readonly text: string;
};

/** One message the bot posted, in order. `duplicateOf` is the ts of an earlier one that says the same in the same place. */
export type BotPost = {
  readonly order: number;
  readonly method:
    | 'chat.postMessage'
    | 'chat.postEphemeral'
    | 'response_url'
    | 'files.completeUploadExternal';
  readonly channel: string;
  readonly threadTs: string | undefined;
  readonly ts: string;
  readonly text: string;
  readonly metadata: Metadata | undefined;
  readonly duplicateOf: string | undefined;
};

/** One Web API call, as answered. */
export type ApiCall = {
  readonly order: number;
  readonly method: string;
  readonly status: number;
  readonly error: string | undefined;
};

export type SlashCommand = {
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
  readonly shouldEscape: boolean;
};
export type Shortcut = {
  readonly kind: 'message' | 'global';
  readonly name: string;
  readonly callbackId: string;
};

/** What just happened, for those who watch. */
export type Change =
  | { readonly kind: 'posted' | 'deleted'; readonly message: Message }
  | { readonly kind: 'edited'; readonly message: Message; readonly previous: Message }
  | {
      readonly kind: 'reacted' | 'unreacted';
      readonly message: Message;
      readonly user: string;
      readonly name: string;
    }
  | { readonly kind: 'ephemeral'; readonly ephemeral: Ephemeral }
  | { readonly kind: 'view'; readonly view: View }
  | { readonly kind: 'warning'; readonly warning: Warning }
  | { readonly kind: 'other' };

export const SLACKBOT = 'USLACKBOT';
