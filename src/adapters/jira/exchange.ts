import { z } from 'zod';

/** What jira-client asks of the function that carries its requests. */
type LibraryRequest = {
  readonly uri: string;
  readonly method: string;
  readonly auth: { readonly user: string; readonly pass: string };
  readonly body?: unknown;
};

const exchange = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answered'),
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    text: z.string(),
  }),
  z.object({
    kind: z.literal('silent'),
    /** No byte of the request can have arrived. */
    unsent: z.boolean(),
    timedOut: z.boolean(),
    /** The code of the system, such as ECONNREFUSED. */
    code: z.string(),
  }),
]);
export type Exchange = z.infer<typeof exchange>;
export type Answered = Extract<Exchange, { kind: 'answered' }>;

/** What jira-client handed through untouched. */
export function exchangeOf(value: unknown): Exchange {
  return exchange.parse(value);
}

const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/**
 * Carries the requests of jira-client (its `request` option), and never throws. The library's own carrier has
 * no timeout, keeps the body of an answer but drops its status and Retry-After, and answers with errors that
 * may hold the whole request, the token included.
 */
export function carrier(timeoutMs: number): (request: LibraryRequest) => Promise<Exchange> {
  return async ({ uri, method, auth, body }) => {
    try {
      const response = await fetch(uri, {
        method,
        headers: {
          accept: 'application/json',
          authorization: `Basic ${basicOf(auth.user, auth.pass)}`,
          'user-agent': 'slipway',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const headers = Object.fromEntries(response.headers);
      return { kind: 'answered', status: response.status, headers, text: await response.text() };
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      const code = codeOf(error);
      return { kind: 'silent', timedOut, code, unsent: neverSent.includes(code) };
    }
  };
}

/** How the account is sent. */
export function basicOf(user: string, token: string): string {
  return Buffer.from(`${user}:${token}`).toString('base64');
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection';
}
