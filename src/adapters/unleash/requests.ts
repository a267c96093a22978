import type { z } from 'zod';
import { GiveUp, TryAgain } from '../../errors.ts';
import type { FlagPlace } from '../../ports.ts';
import { problemBody } from './shapes.ts';

/** What Unleash answered. A refusal is an answer too: what it means depends on what was asked. */
export type Answer = { readonly status: number; readonly body: unknown; readonly afterMs?: number };
export type Question = {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  /** What we are doing, for the sentence of an error: "reading checkout in production". */
  readonly doing: string;
  readonly body?: unknown;
  readonly timeoutMs?: number;
  /** Instead of the admin token, and the setting it comes from. */
  readonly token?: string;
};
/** Throws `TryAgain` when no answer came. */
export type Ask = (question: Question) => Promise<Answer>;

const usualTimeoutMs = 5000;

export function askWith(options: { readonly url: string; readonly token: string }): Ask {
  const base = options.url;
  return async (question) => {
    const { method, path, doing, body, timeoutMs = usualTimeoutMs, token = options.token } = question;
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          authorization: token,
          accept: 'application/json',
          'user-agent': 'slipway',
          // Unleash keeps an answer for each kind of client: this asks for the one that SDKs get.
          ...(question.token !== undefined && { 'unleash-client-spec': '5.2.0' }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
      });
      const text = await response.text();
      const afterMs = secondsOf(response.headers.get('retry-after'));
      return { status: response.status, body: parsed(text), ...(afterMs !== undefined && { afterMs }) };
    } catch (error) {
      throw new TryAgain(
        isTimeout(error)
          ? `Unleash (${base}) did not answer within ${timeoutMs / 1000} s when ${doing}.`
          : `Unleash (${base}) cannot be reached when ${doing}: ${rootOf(error)}. Is it running, and is UNLEASH_URL right?`,
        { cause: error },
      );
    }
  };
}

/** The body of a success; else throws what the refusal means. */
export async function bodyOf<T>(ask: Ask, question: Question, schema: z.ZodType<T>): Promise<T> {
  const answer = await ask(question);
  if (succeeded(answer)) return bodyAs(answer, question, schema);
  throw refusalOf(answer, question);
}

export function bodyAs<T>(answer: Answer, question: Question, schema: z.ZodType<T>): T {
  const body = schema.safeParse(answer.body);
  if (body.success) return body.data;
  const issue = body.error.issues[0];
  throw new GiveUp(
    `What Unleash answered when ${question.doing} has a form we do not know (${issue?.path.join('.') || 'body'}: ${issue?.message ?? '-'}). Does UNLEASH_URL name an Unleash server, version 7 or later?`,
    { cause: body.error },
  );
}

export function succeeded(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** The kind of refusal as Unleash names it (`ArchivedFeatureError`), or an empty text. */
export function nameOf(answer: Answer): string {
  return problemBody.safeParse(answer.body).data?.name ?? '';
}

/** What a refusal means for the one who can act. */
export function refusalOf(answer: Answer, question: Pick<Question, 'doing' | 'token'>): TryAgain | GiveUp {
  const { status } = answer;
  const { doing } = question;
  const said = saidIn(answer);
  const setting = question.token === undefined ? 'UNLEASH_TOKEN' : 'UNLEASH_CLIENT_TOKENS';
  if (status === 401)
    return new GiveUp(
      `Unleash does not know our token (401) when ${doing}: it has expired or was deleted. Put a new one into ${setting}.`,
    );
  if (status === 403 && said.includes('SKIP_CHANGE_REQUEST'))
    return new GiveUp(
      `Unleash wants a change request (403) when ${doing}. Give the role of the user of ${setting} the permission SKIP_CHANGE_REQUEST in this environment.`,
    );
  if (status === 403)
    return new GiveUp(
      `Unleash forbids ${doing} (403)${said === '' ? '' : `: ${said}`}. Give the user of ${setting} the rights listed in docs/unleash.md.`,
    );
  if (status === 429)
    return new TryAgain(`Unleash limits our requests (429) when ${doing}.`, {
      ...(answer.afterMs !== undefined && { afterMs: answer.afterMs }),
    });
  if (status === 503)
    return new TryAgain(
      `Unleash takes no changes now (503) when ${doing}${said === '' ? '' : `: ${said}`} An administrator ends maintenance mode in its settings.`,
    );
  if (status >= 500) return new TryAgain(`Unleash answered ${status} when ${doing}: ${said}`);
  return new GiveUp(`Unleash refuses ${doing} (${status}): ${said}`);
}

export function placeName(place: FlagPlace): string {
  return `${place.flag} in ${place.environment}`;
}

/** The path of a flag in its project. */
export function flagPath(place: FlagPlace): string {
  return `${projectPath(place)}/${encodeURIComponent(place.flag)}`;
}
export function projectPath(place: FlagPlace): string {
  return `/api/admin/projects/${encodeURIComponent(place.project)}/features`;
}
/** The path of a flag in its environment. */
export function environmentPath(place: FlagPlace): string {
  return `${flagPath(place)}/environments/${encodeURIComponent(place.environment)}`;
}
export function strategyPath(place: FlagPlace, strategy: string): string {
  return `${environmentPath(place)}/strategies/${encodeURIComponent(strategy)}`;
}

/** Its first line: that of a failed patch goes on with the whole strategy. */
function saidIn(answer: Answer): string {
  const problem = problemBody.safeParse(answer.body).data;
  const said = problem?.details?.[0]?.message ?? problem?.message ?? '';
  return (said.split('\n')[0] ?? '').slice(0, 300);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function secondsOf(header: string | null): number | undefined {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

/** Fetch says only "fetch failed"; its cause has the reason. */
function rootOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return rootOf(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return error.message || code;
}
