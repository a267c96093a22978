import { z } from 'zod';
import type { SocketSight } from './delivery/socket-mode.ts';
import { faultSchema } from './faults.ts';
import type {
  ApiCall,
  BotPost,
  Channel,
  Ephemeral,
  Message,
  Shortcut,
  SlashCommand,
  User,
  UserGroup,
  View,
  Warning,
} from './model.ts';
import type { Outcome } from './people/interactions.ts';

/**
 * What can be asked of a workspace from outside the app: as a person, as a reader, as the one who breaks things.
 * One name, one request, one result; the same over a function call and over `POST /_playground/<name>`.
 */
const as = z.string();
const value = z.union([z.string(), z.array(z.string())]);
const values = z.record(z.string(), value);

const schemas = {
  post: z.object({ as, channel: z.string(), text: z.string().min(1), thread: z.string().optional() }),
  command: z.object({ as, channel: z.string(), words: z.string(), thread: z.string().optional() }),
  click: z.object({
    as,
    target: z.string(),
    actionId: z.string(),
    blockId: z.string().optional(),
    value: value.optional(),
    values: values.optional(),
  }),
  submit: z.object({ as, values }),
  closeModal: z.object({ as, all: z.boolean().default(false) }),
  shortcut: z.object({ as, callbackId: z.string(), messageTs: z.string().optional() }),
  openHome: z.object({ as, tab: z.enum(['home', 'messages']).default('home') }),
  react: z.object({ as, messageTs: z.string(), name: z.string(), present: z.boolean().default(true) }),
  dismiss: z.object({ as, ts: z.string() }),
  sight: z.object({}),
  log: z.object({}),
  calls: z.object({}),
  sockets: z.object({}),
  fault: faultSchema,
  dropAcks: z.object({ count: z.number().int().min(1) }),
  refresh: z.object({
    reason: z
      .enum(['warning', 'refresh_requested', 'too_many_websockets', 'link_disabled'])
      .default('refresh_requested'),
    which: z.enum(['one', 'all']).default('one'),
  }),
};

type Schemas = typeof schemas;
export type Requests = { readonly [Name in keyof Schemas]: z.output<Schemas[Name]> };
/** What a caller may leave out. */
export type Asked = { readonly [Name in keyof Schemas]: z.input<Schemas[Name]> };

/** Everything there is to see, at one moment. */
export type Sight = {
  readonly url: string;
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: {
    readonly name: string;
    readonly botUserId: string;
    readonly commands: readonly SlashCommand[];
    readonly shortcuts: readonly Shortcut[];
  };
  readonly users: readonly User[];
  readonly userGroups: readonly UserGroup[];
  readonly channels: readonly Channel[];
  readonly messages: readonly Message[];
  readonly ephemerals: readonly Ephemeral[];
  /** By person, the top one last. */
  readonly modals: Readonly<Record<string, readonly View[]>>;
  readonly homes: Readonly<Record<string, View>>;
  readonly warnings: readonly Warning[];
};
export type BotLog = { readonly posts: readonly BotPost[]; readonly duplicates: number };

export type Results = {
  readonly post: { readonly channel: string; readonly ts: string };
  readonly command: Outcome;
  readonly click: Outcome;
  readonly submit: Outcome;
  readonly closeModal: Outcome;
  readonly shortcut: Outcome;
  readonly openHome: { readonly channel: string };
  readonly react: { readonly changed: boolean };
  readonly dismiss: { readonly changed: boolean };
  readonly sight: Sight;
  readonly log: BotLog;
  readonly calls: readonly ApiCall[];
  readonly sockets: readonly SocketSight[];
  readonly fault: { readonly planned: number };
  readonly dropAcks: { readonly planned: number };
  readonly refresh: { readonly told: number };
};

export type ControlName = keyof Schemas;
export type Control = {
  readonly [Name in ControlName]: (request: Requests[Name]) => Results[Name] | Promise<Results[Name]>;
};

const parsers: { readonly [Name in ControlName]: z.ZodType<Requests[Name], Asked[Name]> } = schemas;

/** Parses a request and does it. Throws a sentence when the request makes no sense. */
export async function perform<Name extends ControlName>(
  control: Control,
  name: Name,
  request: unknown,
): Promise<Results[Name]> {
  const read = parsers[name].safeParse(request);
  if (!read.success) {
    throw new Error(`The request "${name}" to the workspace is not valid: ${z.prettifyError(read.error)}`);
  }
  return control[name](read.data);
}

export function isControlName(name: string): name is ControlName {
  return Object.hasOwn(schemas, name);
}
