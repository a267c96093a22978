import { Octokit } from '@octokit/rest';
import { GiveUp, sentenceOf, TryAgain } from '../../errors.ts';

/** Asks GitHub one thing; every error becomes `TryAgain` or `GiveUp`, with what we were doing in its sentence. */
export type Ask = <T>(repository: string, doing: string, call: () => Promise<T>) => Promise<T>;

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Octokit without its retry plugin, which repeats POSTs by status and so makes things twice: the queue
 * repeats a whole step, and the step finds what it made.
 */
export function makeAsk(options: {
  readonly baseUrl: string;
  readonly token: string;
  readonly timeoutMs: number;
}): { octokit: Octokit; ask: Ask } {
  const octokit = new Octokit({
    baseUrl: options.baseUrl,
    auth: options.token,
    userAgent: 'slipway',
    log: silent,
    request: { fetch: fetchWithin(options.timeoutMs) },
  });
  const ask = async <T>(repository: string, doing: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw translated(error, { repository, doing });
    }
  };
  return { octokit, ask };
}

/**
 * Octokit has no timeout of its own, follows redirects with the token, and takes a body that broke off
 * for an empty one. This waits so long and no longer, for the whole body, from the host that was asked.
 */
function fetchWithin(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status > 300 && response.status < 400 && response.status !== 304) {
      await response.body?.cancel();
      throw new GiveUp('GitHub says it has moved. Correct its name in slipway.yml.');
    }
    const body = [204, 205, 304].includes(response.status) ? null : await response.arrayBuffer();
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

/** The answer, or undefined when GitHub says there is no such thing. */
export async function nothingOn404<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (refusalOf(error)?.status === 404) return undefined;
    throw error;
  }
}

/** What GitHub answered instead of what was asked for; undefined when it did not answer at all. */
export type Refusal = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** What it says, the `errors` of a 422 included. */
  readonly messages: readonly string[];
};

export function refusalOf(error: unknown): Refusal | undefined {
  const response = propertyOf(error, 'response');
  const status = propertyOf(response, 'status');
  if (typeof status !== 'number') return undefined;
  const data = propertyOf(response, 'data');
  const errors = propertyOf(data, 'errors');
  const words = [propertyOf(data, 'message'), ...(Array.isArray(errors) ? errors.map(wordsOf) : [])];
  return {
    status,
    headers: { ...asRecord(propertyOf(response, 'headers')) },
    messages: words.filter((word) => typeof word === 'string'),
  };
}

function asRecord(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function propertyOf(value: unknown, name: string): unknown {
  return Object.entries(asRecord(value)).find(([key]) => key === name)?.[1];
}

function wordsOf(error: unknown): unknown {
  const message = propertyOf(error, 'message');
  if (typeof error === 'string' || typeof message === 'string') return message ?? error;
  return `${propertyOf(error, 'field')} ${propertyOf(error, 'code')}`;
}

function translated(error: unknown, at: { repository: string; doing: string }): Error {
  if (error instanceof TryAgain || error instanceof GiveUp) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof GiveUp) return new GiveUp(`${at.repository}: ${cause.message}`, { cause: error });
  const refusal = refusalOf(error);
  if (!refusal)
    return new TryAgain(`GitHub did not answer while ${at.doing}: ${sentenceOf(cause ?? error)}`, {
      cause: error,
    });
  const { status } = refusal;
  const afterMs = waitOf(refusal);
  if (status === 429 || (status === 403 && afterMs !== undefined))
    return new TryAgain(`GitHub asked us to slow down while ${at.doing}.`, {
      afterMs: afterMs ?? 60_000,
      cause: error,
    });
  if (status >= 500) return new TryAgain(`GitHub answered ${status} while ${at.doing}.`, { cause: error });
  return new GiveUp(reasonOf(refusal, at), { cause: error });
}

function reasonOf({ status, messages }: Refusal, at: { repository: string; doing: string }): string {
  switch (status) {
    case 401:
      return `GitHub does not accept the token (401) while ${at.doing}. Put a valid one in GITHUB_TOKEN.`;
    case 403:
      return `GitHub forbids ${at.doing} (403). Give the token contents: write and pull requests: write on ${at.repository}.`;
    case 404:
      return at.doing === `looking at ${at.repository}`
        ? `The bot cannot see ${at.repository}. Install the app on it or correct the name in slipway.yml.`
        : `GitHub answered 404 while ${at.doing}. Either it is gone, or the token lacks contents: write or pull requests: write on ${at.repository}.`;
    default:
      return `GitHub refused ${at.doing} (${status}): ${messages.join('; ')}`;
  }
}

/** How long GitHub asks us to wait, from `retry-after` or from a used-up rate limit. */
function waitOf({ headers }: Refusal): number | undefined {
  const after = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(after)) return after * 1000;
  if (headers['x-ratelimit-remaining'] !== '0') return undefined;
  return Math.max(1000, Number(headers['x-ratelimit-reset']) * 1000 - Date.now());
}
