/** One thing the app must hear of, before it is known which way it goes. */
export type Envelope = {
  readonly type: 'events_api' | 'slash_commands' | 'interactive';
  readonly payload: Readonly<Record<string, unknown>>;
  readonly retry: { readonly attempt: number; readonly reason: string } | undefined;
};

/** What came back within Slack's three seconds. `payload` is the body of the answer, `{}` when it was empty. */
export type Answer =
  | { readonly kind: 'acknowledged'; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly kind: 'failed'; readonly reason: 'timeout' | 'connection_failed' | 'http_error' };

/** A way to the app: sockets, or signed requests. */
export type Carrier = (envelope: Envelope) => Promise<Answer>;
