import { type AppDeclaration, readManifest } from './manifest.ts';
import type { Channel, User, UserGroup } from './model.ts';

/** What a workspace is made of. Everything has a default: the workspace of the demo. */
export type SlackOptions = {
  readonly port?: number;
  readonly team?: { readonly id: string; readonly name: string; readonly domain: string };
  readonly users?: readonly (Pick<User, 'id' | 'name'> & Partial<User>)[];
  readonly channels?: readonly (Pick<Channel, 'id' | 'name' | 'members'> & {
    readonly isPrivate?: boolean;
    readonly isArchived?: boolean;
    readonly topic?: string;
  })[];
  readonly userGroups?: readonly UserGroup[];
  readonly app?: Partial<AppCredentials>;
  /** The text of the app manifest (YAML or JSON): its commands, shortcuts, events and scopes. */
  readonly manifest?: string;
  /** Events and interactions go to this URL, signed, instead of to sockets. */
  readonly requestUrl?: string;
  readonly pace?: Partial<Pace>;
};

export type AppCredentials = {
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
};

/** Slack's own times and rates. Tests shorten the waits; the defaults are the real ones. */
export type Pace = {
  /** Multiplies every rate and burst; `Infinity` takes the limits away. */
  readonly rateScale: number;
  readonly ackMs: number;
  readonly triggerMs: number;
  readonly responseUrlMs: number;
  /** The waits before the three retries of an event. */
  readonly retryDelaysMs: readonly number[];
  readonly pingMs: number;
  /** How long Slack looks at an uploaded file before a message may show it. */
  readonly fileReadyMs: number;
};

const REAL_PACE: Pace = {
  rateScale: 1,
  ackMs: 3_000,
  triggerMs: 3_000,
  responseUrlMs: 30 * 60_000,
  retryDelaysMs: [0, 60_000, 300_000],
  pingMs: 5_000,
  fileReadyMs: 400,
};

export type Setup = {
  readonly port: number;
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  readonly userGroups: readonly UserGroup[];
  readonly credentials: AppCredentials;
  readonly app: AppDeclaration;
  readonly requestUrl: string | undefined;
  readonly pace: Pace;
};

const DEFAULT_CREDENTIALS: AppCredentials = {
  appId: 'A0SLIPWAY',
  botId: 'B0SLIPWAY',
  botUserId: 'U0SLIPWAY',
  botToken: 'xoxb-playground-bot',
  appToken: 'xapp-playground-app',
  signingSecret: 'playground-signing-secret',
};

const DEFAULT_APP: AppDeclaration = {
  name: 'slipway',
  commands: [
    {
      command: '/feature',
      description: 'Ask for a feature',
      usageHint: 'what you would like',
      shouldEscape: false,
    },
    { command: '/slipway', description: 'What is running and waiting', usageHint: '', shouldEscape: false },
  ],
  shortcuts: [{ kind: 'message', name: 'Turn into a feature request', callbackId: 'feature_from_message' }],
  events: [
    'app_mention',
    'message.channels',
    'message.groups',
    'message.im',
    'app_home_opened',
    'reaction_added',
    'reaction_removed',
  ],
  scopes: undefined,
};

const PEOPLE: NonNullable<SlackOptions['users']> = [
  { id: 'U0RAJ', name: 'raj', realName: 'Raj Patel', isAdmin: true },
  { id: 'U0ANA', name: 'ana', realName: 'Ana Lima' },
  { id: 'U0MEI', name: 'mei', realName: 'Mei Chen' },
  { id: 'U0TOM', name: 'tom', realName: 'Tom Berg' },
];

/** Fills in whatever was not said and reads the manifest, so that the rest of the workspace has no defaults. */
export function setUp(options: SlackOptions): Setup {
  const credentials = { ...DEFAULT_CREDENTIALS, ...options.app };
  const app = options.manifest === undefined ? DEFAULT_APP : readManifest(options.manifest);
  const bot: User = {
    ...personOf({ id: credentials.botUserId, name: app.name.toLowerCase().replace(/[^a-z0-9._-]+/g, '-') }),
    realName: app.name,
    isBot: true,
    email: undefined,
  };
  const users = [...(options.users ?? PEOPLE).map(personOf), bot];
  const everyone = users.map((user) => user.id);
  const channels = (
    options.channels ?? [
      { id: 'C0CHECKOUT', name: 'checkout', members: everyone, topic: 'The checkout team' },
      { id: 'C0GENERAL', name: 'general', members: everyone, topic: 'For everyone' },
    ]
  ).map(
    (channel): Channel => ({
      id: channel.id,
      name: channel.name,
      kind: 'isPrivate' in channel && channel.isPrivate ? 'private' : 'public',
      members: channel.members,
      isArchived: 'isArchived' in channel && channel.isArchived === true,
      topic: channel.topic ?? '',
    }),
  );
  return {
    port: options.port ?? 0,
    team: options.team ?? { id: 'T0HARBOUR', name: 'Harbour', domain: 'harbour' },
    users,
    channels,
    userGroups: options.userGroups ?? [
      { id: 'S0ONCALL', handle: 'oncall', name: 'On call', users: everyone.slice(2, 4) },
    ],
    credentials,
    app,
    requestUrl: options.requestUrl,
    pace: { ...REAL_PACE, ...options.pace },
  };
}

function personOf(user: Pick<User, 'id' | 'name'> & Partial<User>): User {
  return {
    realName: user.name,
    isBot: false,
    isRestricted: false,
    isAdmin: false,
    tz: 'Europe/Berlin',
    email: `${user.name}@harbour.example`,
    ...user,
  };
}
