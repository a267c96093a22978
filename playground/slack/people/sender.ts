import type { Answer, Carrier } from '../delivery/envelope.ts';
import type { ResponseTarget } from '../limits/expiring.ts';
import type { Context } from '../web-api/method.ts';
import { channelName, wireActor } from '../wire.ts';
import type { World } from '../world.ts';

/** What every interaction is sent with. */
export type Sender = {
  readonly world: World;
  readonly deliver: Carrier;
  /** Sends an interactive payload. */
  interact(payload: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** The fields that all interactive payloads have, with a fresh trigger. */
  common(user: string, viewId?: string): Readonly<Record<string, unknown>>;
  triggerFor(user: string): string;
  responseUrl(target: ResponseTarget): string;
};

export function createSender(context: Context, deliver: Carrier): Sender {
  const { world, triggers, responseUrls } = context;
  const { setup } = world;
  return {
    world,
    deliver,
    interact: (payload) => deliver({ type: 'interactive', payload, retry: undefined }),
    common: (user, viewId) => ({
      token: VERIFICATION_TOKEN,
      api_app_id: setup.credentials.appId,
      team: { id: setup.team.id, domain: setup.team.domain },
      user: wireActor(world, user),
      enterprise: null,
      is_enterprise_install: false,
      trigger_id: triggers.issue({ user, viewId }),
    }),
    triggerFor: (user) => triggers.issue({ user, viewId: undefined }),
    responseUrl: (target) => `${world.url}/response/${responseUrls.issue(target)}`,
  };
}

/** Deprecated by Slack, but still in every payload. */
export const VERIFICATION_TOKEN = 'playground-verification-token';

/** A channel in an interaction payload. */
export function wireChannelRef(world: World, id: string) {
  const channel = world.channels.get(id);
  return { id, name: channel ? channelName(channel) : '' };
}
