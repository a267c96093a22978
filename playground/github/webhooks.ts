import { createHmac, randomUUID } from 'node:crypto';

export type Webhook = {
  readonly url: string;
  readonly secret: string;
  /** Without it, every event. */
  readonly events?: readonly string[];
};
export type Delivery = {
  readonly id: string;
  readonly event: string;
  readonly url: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** What the receiver answered; undefined while it has not, 0 when it could not be reached within ten seconds. */
  status: number | undefined;
};
export type Announce = (event: string, payload: Readonly<Record<string, unknown>>) => void;

/** Delivers each event once, signed, as GitHub does: it never delivers again by itself. */
export function makeWebhooks(hooks: readonly Webhook[]): {
  announce: Announce;
  deliveries: readonly Delivery[];
  settled(): Promise<void>;
} {
  const deliveries: Delivery[] = [];
  const running = new Set<Promise<void>>();
  const deliver = async (hook: Webhook, delivery: Delivery) => {
    const body = JSON.stringify(delivery.payload);
    const signature = createHmac('sha256', hook.secret).update(body).digest('hex');
    const response = await fetch(hook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/playground',
        'x-github-delivery': delivery.id,
        'x-github-event': delivery.event,
        'x-hub-signature-256': `sha256=${signature}`,
      },
      body,
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined);
    delivery.status = response?.status ?? 0;
    await response?.body?.cancel();
  };
  return {
    deliveries,
    announce(event, payload) {
      for (const hook of hooks) {
        if (hook.events && !hook.events.includes(event)) continue;
        const delivery = { id: randomUUID(), event, url: hook.url, payload, status: undefined };
        deliveries.push(delivery);
        const work = deliver(hook, delivery).finally(() => running.delete(work));
        running.add(work);
      }
    },
    async settled() {
      await Promise.all(running);
    },
  };
}
