import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { perform } from './control.ts';
import { createEvents } from './delivery/events.ts';
import { createSignedRequests } from './delivery/signed-requests.ts';
import { createSocketMode } from './delivery/socket-mode.ts';
import { createFaults } from './faults.ts';
import { createRoutes } from './http.ts';
import { createResponseUrls, createTriggers } from './limits/expiring.ts';
import { createRateLimits } from './limits/rates.ts';
import { type AppCredentials, type SlackOptions, setUp } from './options.ts';
import { createPage } from './page/bundle.ts';
import { createControl } from './people/create-control.ts';
import { createSender } from './people/sender.ts';
import type { Context } from './web-api/method.ts';
import { createWebApi } from './web-api/methods.ts';
import { type Workspace, workspaceOn } from './workspace.ts';
import { createWorld } from './world.ts';

/** A running workspace: what a bot needs to connect, what people can do, and how to end it. */
export type SlackWorkspace = Workspace & {
  /** The page, and the base of everything else. */
  readonly url: string;
  /** What goes into `clientOptions.slackApiUrl`. */
  readonly apiUrl: string;
  readonly credentials: AppCredentials;
  stop(): Promise<void>;
};

/**
 * Starts a local Slack workspace on a free port (or `options.port`). It speaks the Web API and Socket Mode with
 * Slack's limits, errors and times, keeps everything in memory, and serves a page to chat in.
 */
export async function startSlack(options: SlackOptions = {}): Promise<SlackWorkspace> {
  const setup = setUp(options);
  const { pace } = setup;
  const world = createWorld(setup);
  const sockets = createSocketMode(setup);
  const faults = createFaults();
  const context: Context = {
    world,
    sockets,
    triggers: createTriggers({ lifeMs: pace.triggerMs, now: Date.now }),
    responseUrls: createResponseUrls({ lifeMs: pace.responseUrlMs, now: Date.now }),
  };
  const deliver =
    setup.requestUrl === undefined ? sockets.deliver : createSignedRequests(setup, setup.requestUrl);
  const events = createEvents(world, deliver);
  const control = createControl({ context, sender: createSender(context, deliver), events, faults });
  const rates = createRateLimits({ scale: pace.rateScale, now: Date.now });
  const routes = createRoutes({
    context,
    control,
    webApi: createWebApi({ context, rates, faults }),
    page: createPage(),
  });

  const server = createServer(getRequestListener(routes.fetch));
  sockets.attach(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(setup.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : setup.port;
  world.url = `http://127.0.0.1:${port}`;

  return {
    ...workspaceOn({
      call: (name, request) => perform(control, name, request),
      watch(listener) {
        world.watchers.add(listener);
        return () => void world.watchers.delete(listener);
      },
    }),
    url: world.url,
    apiUrl: `${world.url}/api/`,
    credentials: setup.credentials,
    async stop() {
      events.stop();
      await sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
