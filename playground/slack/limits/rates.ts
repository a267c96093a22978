/** Rates as Slack documents them: so many calls a minute, and how many may come at once. */
type Rate = { readonly perMinute: number; readonly burst: number; readonly perChannel: boolean };

const tier = (perMinute: number, burst = perMinute): Rate => ({ perMinute, burst, perChannel: false });
/** Tier 1 is "1 or more a minute"; a bot with two sockets that is restarted now and then stays within its burst. */
const TIER_1 = tier(1, 20);
const TIER_2 = tier(20);
const TIER_3 = tier(50);
const TIER_4 = tier(100);
/** About one message a second in each channel, "short bursts allowed". */
const POSTING: Rate = { perMinute: 60, burst: 8, perChannel: true };

const RATES: Readonly<Record<string, Rate>> = {
  'apps.connections.open': TIER_1,
  'auth.test': tier(300),
  'bots.info': TIER_3,
  'chat.postMessage': POSTING,
  'chat.update': TIER_3,
  'chat.delete': TIER_3,
  'chat.postEphemeral': TIER_4,
  'chat.getPermalink': tier(300),
  'conversations.replies': TIER_3,
  'conversations.history': TIER_3,
  'conversations.info': TIER_3,
  'conversations.list': TIER_2,
  'conversations.open': TIER_3,
  'conversations.join': TIER_3,
  'conversations.members': TIER_4,
  'files.getUploadURLExternal': TIER_4,
  'files.completeUploadExternal': TIER_4,
  'files.info': TIER_4,
  'reactions.add': TIER_3,
  'reactions.remove': TIER_2,
  'reactions.get': TIER_3,
  'usergroups.list': TIER_2,
  'usergroups.users.list': TIER_2,
  'users.info': TIER_4,
  'users.list': TIER_2,
  'users.conversations': TIER_3,
  'users.lookupByEmail': TIER_3,
  'views.open': TIER_4,
  'views.push': TIER_4,
  'views.update': TIER_4,
  'views.publish': TIER_4,
};

export type RateLimits = {
  /** Counts the call and answers undefined, or answers the whole seconds to wait. */
  take(method: string, channel: string | undefined): number | undefined;
};

/** One bucket per method (and per channel for posting) that refills steadily. */
export function createRateLimits(options: {
  readonly scale: number;
  readonly now: () => number;
}): RateLimits {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(method, channel) {
      const rate = RATES[method];
      if (!rate || options.scale === Number.POSITIVE_INFINITY) return undefined;
      const capacity = rate.burst * options.scale;
      const perMs = (rate.perMinute * options.scale) / 60_000;
      const key = rate.perChannel ? `${method} ${channel ?? ''}` : method;
      const now = options.now();
      const bucket = buckets.get(key) ?? { tokens: capacity, at: now };
      const tokens = Math.min(capacity, bucket.tokens + (now - bucket.at) * perMs);
      if (tokens < 1) {
        buckets.set(key, { tokens, at: now });
        return Math.max(1, Math.ceil((1 - tokens) / perMs / 1_000));
      }
      buckets.set(key, { tokens: tokens - 1, at: now });
      return undefined;
    },
  };
}
