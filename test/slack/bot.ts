import { createServer } from 'node:net';
import { commands } from '../../commands/index.ts';
import type { SlackOptions } from '../../playground/slack/options.ts';
import { type SlackWorkspace, startSlack } from '../../playground/slack/start-slack.ts';
import { ticksIn } from '../../src/chart/chart-of.ts';
import type { FeatureCommand } from '../../src/domain/feature/commands.ts';
import { feature } from '../../src/domain/feature/feature.ts';
import { workKey } from '../../src/domain/feature/pending.ts';
import type { Spec } from '../../src/domain/feature/spec.ts';
import type { FeatureState } from '../../src/domain/feature/state.ts';
import { rollout } from '../../src/domain/rollout/rollout.ts';
import { workflow } from '../../src/domain/workflow.ts';
import { createBullQueue } from '../../src/engine/bull.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import type { InboxEntry } from '../../src/engine/inbox.ts';
import { migrate } from '../../src/engine/migrate.ts';
import { openDatabase } from '../../src/engine/postgres.ts';
import { mark } from '../../src/jobs/mark.ts';
import { tellRollout } from '../../src/jobs/rollout/tell.ts';
import { tell } from '../../src/jobs/tell.ts';
import type { Flags } from '../../src/ports.ts';
import { createSlackApp, slackClients, whoAmI } from '../../src/slack/app.ts';
import { createChannels } from '../../src/slack/channels.ts';
import { mistakesOf } from '../../src/slack/dialogs.ts';
import { createHandler } from '../../src/slack/handle.ts';
import { idOf } from '../../src/slack/inbound.ts';
import { createOutbox } from '../../src/slack/outbox.ts';
import { createPeople } from '../../src/slack/people.ts';
import { specOf, thinking } from '../domain/feature/story.ts';
import { keptLog, until } from '../engine/errand.ts';
import { freshDatabase } from '../setup/database.ts';

export { until };
export type Features = { readonly feature: typeof feature; readonly rollout: typeof rollout };
type Handle = (entry: InboxEntry) => Promise<void>;

export type BotOptions = {
  readonly slack?: SlackOptions;
  /** Around the journal and the handler, to see and to break what happens there. */
  readonly journal?: (body: unknown, write: () => Promise<void>) => Promise<void>;
  readonly handle?: (entry: InboxEntry, handle: Handle) => Promise<void>;
  readonly http?: boolean;
  /** The flag service, as far as Slack needs it. */
  readonly flags?: Pick<Flags, 'off' | 'look' | 'ramping'>;
};

/** People of the tests: raj asks, ana is a colleague, mei and tom may approve, gus is a guest. */
const users: NonNullable<SlackOptions['users']> = [
  { id: 'U0RAJ', name: 'raj' },
  { id: 'U0ANA', name: 'ana' },
  { id: 'U0MEI', name: 'mei' },
  { id: 'U0TOM', name: 'tom' },
  { id: 'U0GUS', name: 'gus', isRestricted: true },
];
const everyone = ['U0RAJ', 'U0ANA', 'U0MEI', 'U0TOM', 'U0GUS'];
const bot = 'U0SLIPWAY';

/** The bot on a real engine, database and workspace; the work of models and sandboxes is done by the test. */
export async function startBot(options: BotOptions = {}) {
  const log = { ...keptLog(), debug: () => undefined };
  const port = options.http ? await freePort() : 0;
  const slack = await startSlack({
    users,
    channels: [
      { id: 'C0SHOP', name: 'shop', members: [...everyone, bot] },
      { id: 'C0MANY', name: 'many', members: [...everyone, bot] },
      { id: 'C0NONE', name: 'none', members: [...everyone, bot] },
      { id: 'C0AWAY', name: 'away', members: everyone },
      { id: 'C0QUIET', name: 'quiet', members: ['U0RAJ', 'U0TOM', bot], isPrivate: true },
    ],
    userGroups: [
      { id: 'S0LEADS', handle: 'leads', name: 'Leads', users: ['U0TOM'] },
      { id: 'S0ONCALL', handle: 'oncall', name: 'On call', users: ['U0ANA'] },
    ],
    manifest: await manifest(),
    ...options.slack,
    ...(options.http && { requestUrl: `http://127.0.0.1:${port}/slack/events` }),
    pace: { rateScale: Number.POSITIVE_INFINITY, retryDelaysMs: [50, 500, 3000], ...options.slack?.pace },
  });
  const fresh = await freshDatabase();
  const database = await openDatabase({ url: fresh.url, directory: '', log });
  await migrate(database.pool);

  const { apiUrl, credentials } = slack;
  const clients = slackClients({ token: credentials.botToken, apiUrl, log });
  const identity = await whoAmI(clients.outbox);
  const people = createPeople({
    client: clients.outbox,
    holders: {
      request: 'everyone',
      steer: [],
      approve: ['U0MEI', 'S0LEADS'],
      stop: [],
      administer: [],
    },
    onCall: { group: 'S0ONCALL' },
    team: identity.team,
    now: Date.now,
  });
  const chat = createOutbox({
    client: clients.outbox,
    webUrl: undefined,
    secrets: [],
    approvers: () => people.holdersOf('approve'),
    onCall: () => people.onCall(),
    ticksOf: async (id) => ticksIn(await engine.history('rollout', id)),
  });
  /** Work that nobody does: the test answers in its place. */
  const idle = {
    run: ({ signal }: { readonly signal: AbortSignal }) =>
      new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
  };
  const jobs = Object.fromEntries(
    ['read-repository', 'interview', 'specify', 'plan', 'write-tests', 'build', 'prove', 'propose'].map(
      (name) => [name, idle],
    ),
  );
  const rolloutJobs = Object.fromEntries(
    [
      'read-plan',
      'check-start',
      'rehearse',
      'set-exposure',
      'watch',
      'switch-off',
      'confirm-off',
      'open-issue',
    ].map((name) => [name, idle]),
  );
  const handled: InboxEntry[] = [];
  const engine: Engine<Features> = createEngine<Features>({
    database,
    queue: await createBullQueue({ databaseUrl: fresh.url, log, lockMs: 1000, stalledMs: 1000 }),
    processes: { feature, rollout },
    jobs: {
      feature: { ...jobs, tell: { run: tell({ chat }) }, mark: { run: mark({ chat }) } },
      rollout: { ...rolloutJobs, tell: { run: tellRollout({ chat }) } },
    },
    failed: {
      feature: ({ job, reason }) => ({ type: 'gave-up', key: job.key, because: reason }),
      rollout: ({ job, reason }) => ({ type: 'gave-up', key: job.key, because: reason }),
    },
    handle: (entry) => {
      handled.push(entry);
      return options.handle ? options.handle(entry, handle) : handle(entry);
    },
    retry: { tell: { tries: 20, firstMs: 20, maxMs: 200 } },
    inboxRetry: { tries: 5, firstMs: 20, maxMs: 100 },
    sweepMs: 100,
    log,
  });
  const desk = {
    engine,
    commands,
    people,
    channels: createChannels({
      client: clients.outbox,
      repositories: {
        '#shop': ['acme/shop'],
        '#many': ['acme/shop', 'acme/pay'],
        '#quiet': ['acme/shop'],
        C0AWAY: ['acme/shop'],
      },
    }),
    client: clients.interactive,
    bot: identity.botUser,
    longest: 4000,
    flags: options.flags,
    environment: 'production',
  };
  const handle = createHandler(desk);
  const app = createSlackApp({
    connection: options.http
      ? { kind: 'http', signingSecret: credentials.signingSecret, port }
      : { kind: 'sockets', appToken: credentials.appToken },
    token: credentials.botToken,
    apiUrl,
    identity,
    journal: async (body) => {
      const mistakes = await mistakesOf(desk, body);
      if (mistakes) return mistakes;
      const write = async () => {
        await engine.inbox.journal({ id: idOf(body), kind: 'slack', body });
      };
      await (options.journal ? options.journal(body, write) : write());
      return undefined;
    },
    log,
  });
  await engine.start();
  await app.start();

  return {
    slack,
    engine,
    app,
    log,
    chat,
    clients,
    port,
    /** What the inbox gave to the handler, in order, with repetitions. */
    handled,
    handle,
    stop: async () => {
      await app.stop();
      await engine.drain({ deadlineMs: 100 });
      await database.close();
      await fresh.drop();
      await slack.stop();
    },
  };
}
export type Bot = Awaited<ReturnType<typeof startBot>>;

async function manifest(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile('manifest.yml', 'utf8');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The only feature there is, once it is there. */
export async function theFeature(engine: Engine<Features>): Promise<FeatureState> {
  let found: readonly FeatureState[] = [];
  await until('there is a feature', async () => {
    found = (await engine.list({ kind: 'feature' })).map((saved) => saved.state);
    return found.length > 0;
  });
  const [only, ...others] = found;
  if (!only || others.length > 0) throw new Error(`There are ${found.length} features, not one.`);
  return only;
}

/** Answers in the place of the job that is owed. */
async function answer(engine: Engine<Features>, id: string, make: (key: string) => FeatureCommand) {
  const state = (await engine.read('feature', id))?.state;
  const key = state && workKey(state);
  if (key === undefined) throw new Error(`No work is owed for ${id}: it is in ${state?.phase.kind}.`);
  const by = { kind: 'job', name: 'test' } as const;
  const sent = await engine.send({ kind: 'feature', id, command: make(key), by });
  if ('refused' in sent) throw new Error(sent.refused);
}

async function readRepository(engine: Engine<Features>, id: string): Promise<void> {
  await answer(engine, id, (key) => ({
    type: 'repository-read',
    key,
    branch: 'main',
    commit: 'd'.repeat(40),
    workflow: workflow.parse({
      version: 1,
      owner: '@maria',
      checks: [{ name: 'test', run: 'npx vitest run' }],
    }),
    workflowHash: 'e'.repeat(64),
  }));
  await answer(engine, id, (key) => ({
    type: 'interviewed',
    key,
    questions: [],
    thinking: thinking(),
    notes: [],
  }));
}

/** From the request to a spec that waits for approval, without questions. */
export async function untilSpec(
  engine: Engine<Features>,
  id: string,
  spec: Partial<Spec> = {},
): Promise<void> {
  await readRepository(engine, id);
  await writeSpec(engine, id, spec);
}

/** From the request to the proposal of two features instead. */
export async function proposeSplit(engine: Engine<Features>, id: string): Promise<void> {
  await readRepository(engine, id);
  const parts = [
    { title: 'Cart', words: 'build the cart' },
    { title: 'Till', words: 'build the till' },
  ];
  await answer(engine, id, (key) => ({
    type: 'split-proposed',
    key,
    parts,
    thinking: thinking(),
    notes: [],
  }));
}

export async function writeSpec(
  engine: Engine<Features>,
  id: string,
  spec: Partial<Spec> = {},
): Promise<void> {
  await answer(engine, id, (key) => ({
    type: 'specified',
    key,
    spec: specOf(spec),
    hash: `hash-${key}`,
    thinking: thinking(),
    notes: [],
  }));
}

/** What one person was told in private, oldest first. */
export async function toldTo(slack: SlackWorkspace, user: string): Promise<readonly string[]> {
  return (await slack.ephemerals(user)).map((message) => message.text);
}
