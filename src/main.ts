import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import path from 'node:path';
import { commands } from '../commands/index.ts';
import { bubblewrap } from './adapters/bubblewrap.ts';
import { createGitHub } from './adapters/github.ts';
import { createModel } from './adapters/openai/model.ts';
import { chartOf, ticksIn } from './chart/chart-of.ts';
import { baseBranches } from './config/deployment.ts';
import { explain, loadConfig } from './config/load.ts';
import { modelRoutes } from './config/model-routes.ts';
import type { FeatureCommand } from './domain/feature/commands.ts';
import { feature } from './domain/feature/feature.ts';
import type { RolloutCommand } from './domain/rollout/commands.ts';
import { rollout } from './domain/rollout/rollout.ts';
import { createBlobs } from './engine/blobs.ts';
import { createBullQueue } from './engine/bull.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import type { Failure } from './engine/job.ts';
import { migrate } from './engine/migrate.ts';
import { openDatabase } from './engine/postgres.ts';
import { BadAnswer, GiveUp, sentenceOf } from './errors.ts';
import { featureJobs } from './jobs/index.ts';
import { rolloutJobs, withoutFlagService } from './jobs/rollout/index.ts';
import { createLog } from './log.ts';
import { connectionOf, createSlackApp, slackClients, whoAmI } from './slack/app.ts';
import { createChannels } from './slack/channels.ts';
import { mistakesOf } from './slack/dialogs.ts';
import { createHandler } from './slack/handle.ts';
import { idOf } from './slack/inbound.ts';
import { createOutbox } from './slack/outbox.ts';
import { createPeople } from './slack/people.ts';
import { startWeb } from './web/server.ts';
import { createFleet, type Processes, rolloutServices } from './wiring/rollouts.ts';
import { createWorkspace } from './workspace/workspace.ts';

// The wiring of the bot: read the configuration, make everything, join it, start it, and stop it like we mean it.

const loaded = loadConfig(process.env, (file) => readFileSync(file, 'utf8'));
if ('problems' in loaded) {
  process.stderr.write(`${explain(loaded.problems)}\n`);
  process.exit(2);
}
const { config } = loaded;
const { deployment, home } = config;
const log = createLog({ level: config.logLevel, secrets: config.secrets });
process.on('unhandledRejection', (error) =>
  log.error('A rejection was not handled', { error: sentenceOf(error) }),
);

const now = () => new Date();
const database = await openDatabase({ url: config.databaseUrl, directory: path.join(home, 'postgres'), log });
await migrate(database.pool);
const queue = await createBullQueue({ redisUrl: config.redisUrl, databaseUrl: database.url, log });

const forge = createGitHub({
  baseUrl: config.github.apiUrl,
  gitUrl: config.github.gitUrl,
  token: config.github.token,
  workDirectory: path.join(home, 'mirrors'),
});
const model = createModel({
  endpoints: modelRoutes.endpoints(config),
  route: (role, risk) => modelRoutes.route(config, role, risk),
  secrets: config.secrets,
  now,
});
const clients = slackClients({ token: config.slack.botToken, apiUrl: config.slack.apiUrl, log });
const identity = await whoAmI(clients.outbox);
const people = createPeople({
  client: clients.outbox,
  holders: deployment.people,
  team: identity.team,
  ...(deployment.onCall && { onCall: deployment.onCall }),
  now: Date.now,
});
const channels = createChannels({ client: clients.outbox, repositories: deployment.channels });
const webUrl = deployment.web.url;
const ticksOf = async (id: string) => ticksIn(await engine.history('rollout', id));
const chat = createOutbox({
  client: clients.outbox,
  webUrl,
  secrets: config.secrets,
  approvers: () => people.holdersOf('approve'),
  onCall: () => people.onCall(),
  ticksOf,
});

const workspace = createWorkspace({ forge, directory: path.join(home, 'checkouts') });
const fleet = createFleet({ engine: () => engine, people });
const services = await rolloutServices(config, { now, log });
const rolloutWork = services
  ? rolloutJobs({
      chat,
      forge,
      workspace,
      fleet,
      flags: services.flags,
      metrics: services.metrics,
      ...(services.tracker && { tracker: services.tracker }),
      ...(deployment.rollouts.usual && { usual: deployment.rollouts.usual }),
      baseBranches: baseBranches(deployment),
      now,
    })
  : withoutFlagService({ chat });
const jobs = featureJobs({
  chat,
  model,
  forge,
  sandbox: bubblewrap(),
  blobs: createBlobs(database.pool),
  workspace,
  fleet,
  pollMs: deployment.limits.pollSeconds * 1000,
  cacheDirectory: path.join(home, 'cache'),
  maxDollars: deployment.budgets.perFeature,
  baseBranches: baseBranches(deployment),
  maxQuestions: deployment.limits.questions,
});
const gaveUp = ({ job, reason, error }: Failure): FeatureCommand => ({
  type: 'gave-up',
  key: job.key,
  because: reason,
  ...(error instanceof BadAnswer && { cost: error.usage }),
});

const rolloutGaveUp = ({ job, reason }: Failure): RolloutCommand => ({
  type: 'gave-up',
  key: job.key,
  because: reason,
});

const runnable = <Job>(all: Readonly<Record<string, Job>>) =>
  Object.fromEntries(Object.entries(all).map(([name, run]) => [name, { run }]));

const engine: Engine<Processes> = createEngine<Processes>({
  database,
  queue,
  processes: { feature, rollout },
  jobs: { feature: runnable(jobs), rollout: runnable(rolloutWork) },
  failed: { feature: gaveUp, rollout: rolloutGaveUp },
  handle: (entry): Promise<void> => handle(entry),
  log,
});
const desk = {
  engine,
  commands,
  people,
  channels,
  client: clients.interactive,
  bot: identity.botUser,
  longest: deployment.limits.requestCharacters,
  flags: services?.flags,
  environment: deployment.rollouts.environment,
};
const handle = createHandler(desk);

const slack = createSlackApp({
  connection: connectionOf(config),
  token: config.slack.botToken,
  apiUrl: config.slack.apiUrl,
  identity,
  journal: async (body) => {
    const mistakes = await mistakesOf(desk, body);
    if (!mistakes) await engine.inbox.journal({ id: idOf(body), kind: 'slack', body });
    return mistakes;
  },
  log,
});
await engine.start();
await slack.start();
const web = await startWeb({
  ...config.listen,
  records: {
    feature: async (id) => (await engine.read('feature', id))?.state,
    features: async () => (await engine.list({ kind: 'feature' })).map((saved) => saved.state),
    rollout: async (id) => (await engine.read('rollout', id))?.state,
    rollouts: async () => (await engine.list({ kind: 'rollout' })).map((saved) => saved.state),
    timeline: async (id) => {
      const events = await engine.history(id.startsWith('r-') ? 'rollout' : 'feature', id);
      return events.map(({ seq, event, by, at, hash }) => ({ seq, event, by: by.name, at, hash }));
    },
    chart: async (id) => {
      const state = (await engine.read('rollout', id))?.state;
      return state && chartOf(state, await ticksOf(id));
    },
    blob: (sha256) =>
      engine.blobs.get(sha256).catch((error: unknown) => {
        if (error instanceof GiveUp) return undefined;
        throw error;
      }),
    unwell: () =>
      database.pool.query('select 1').then(
        () => undefined,
        (error: unknown) => `The database does not answer: ${sentenceOf(error)}`,
      ),
  },
});
// With NODE_COMPILE_CACHE the next start is quicker; Node itself writes the cache at an orderly end only.
flushCompileCache();
log.info('Slipway is ready', { pages: web.url, queue: config.redisUrl ? 'redis' : 'postgres' });

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    // Whoever asks a second time does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    log.info('Slipway is stopping', { signal });
    try {
      await slack.stop();
      await engine.drain();
      await services?.close();
      await web.close();
      await database.close();
      process.exit(0);
    } catch (error) {
      log.error('Slipway did not stop in order', { error: sentenceOf(error) });
      process.exit(1);
    }
  });
}
