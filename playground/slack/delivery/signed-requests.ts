import { createHmac } from 'node:crypto';
import type { Setup } from '../options.ts';
import type { Answer, Carrier, Envelope } from './envelope.ts';

/** HTTP mode: the same envelopes as signed POST requests to the app's request URL. */
export function createSignedRequests(setup: Setup, requestUrl: string): Carrier {
  return async (envelope): Promise<Answer> => {
    const body = bodyOf(envelope);
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac('sha256', setup.credentials.signingSecret)
      .update(`v0:${timestamp}:${body}`)
      .digest('hex');
    try {
      const response = await fetch(requestUrl, {
        method: 'POST',
        body,
        signal: AbortSignal.timeout(setup.pace.ackMs),
        headers: {
          'content-type':
            envelope.type === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${signature}`,
          ...(envelope.retry
            ? {
                'x-slack-retry-num': String(envelope.retry.attempt),
                'x-slack-retry-reason': envelope.retry.reason,
              }
            : {}),
        },
      });
      const text = await response.text();
      if (!response.ok) return { kind: 'failed', reason: 'http_error' };
      return { kind: 'acknowledged', payload: payloadOf(text) };
    } catch (error) {
      const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
      return { kind: 'failed', reason: timedOut ? 'timeout' : 'connection_failed' };
    }
  };
}

function bodyOf(envelope: Envelope): string {
  switch (envelope.type) {
    case 'events_api':
      return JSON.stringify(envelope.payload);
    case 'slash_commands':
      return new URLSearchParams(
        Object.entries(envelope.payload).map(([name, value]) => [name, String(value)]),
      ).toString();
    case 'interactive':
      return new URLSearchParams({ payload: JSON.stringify(envelope.payload) }).toString();
  }
}

/** An answer may be empty, plain text, or JSON. */
function payloadOf(text: string): Readonly<Record<string, unknown>> {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : { text: String(value) };
  } catch {
    return { text };
  }
}
