import { sentenceOf } from '../../errors.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or undefined when the answer is none. */
  readonly body: unknown;
};
/** The other side did not answer at all. */
export type NoAnswer = { readonly noAnswer: string };

const timeoutMs = 10_000;

/** One HTTP request that always ends: in an answer of any status, or in the reason why there is none. */
export async function request(
  url: string,
  options: {
    readonly token?: string;
    /** Whose token it is, for services that want both (HTTP Basic). */
    readonly user?: string;
    readonly method?: 'GET' | 'POST';
    readonly json?: unknown;
  },
): Promise<Answer | NoAnswer> {
  const { token, user, method = 'GET', json } = options;
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...(token !== undefined && { authorization: authorization(token, user) }),
        accept: 'application/json',
        'user-agent': 'slipway-doctor',
        ...(json !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? ` (${sentenceOf(error.cause)})` : '';
    return { noAnswer: `${new URL(url).origin} does not answer: ${sentenceOf(error)}${cause}` };
  }
}

function authorization(token: string, user: string | undefined): string {
  if (user === undefined) return `Bearer ${token}`;
  return `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
