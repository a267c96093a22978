import OpenAI from 'openai';
import { GiveUp, TryAgain } from '../../errors.ts';

/** Where the request went, for the sentences. */
export type Destination = { readonly endpoint: string; readonly keyVariable: string; readonly model: string };

/** What a failed request means: whose turn it is. `elsewhere` may be answered by a fallback endpoint. */
export type Trouble =
  | { readonly kind: 'final'; readonly error: GiveUp | TryAgain }
  | { readonly kind: 'elsewhere'; readonly error: TryAgain }
  /** The endpoint does not know this way to ask for JSON. */
  | { readonly kind: 'format'; readonly error: GiveUp };

/** Translates each error of the SDK and of our own clocks by its status and code, never by its English. */
export function troubleOf(error: unknown, to: Destination, now: Date): Trouble {
  if (error instanceof GiveUp) return { kind: 'final', error };
  if (error instanceof TryAgain) return { kind: 'elsewhere', error };
  const where = `The model endpoint "${to.endpoint}"`;
  if (!(error instanceof OpenAI.APIError)) {
    return {
      kind: 'elsewhere',
      error: new TryAgain(`${where} broke off its answer: ${told(error)}`, { cause: error }),
    };
  }
  const final = (reason: string): Trouble => ({ kind: 'final', error: new GiveUp(reason, { cause: error }) });
  const elsewhere = (reason: string): Trouble => ({
    kind: 'elsewhere',
    error: new TryAgain(reason, { cause: error, ...waitOf(error, now) }),
  });
  if (error.code === 'insufficient_quota') {
    return final(
      `${where} has no credit left for the key in ${to.keyVariable}. Add credit or use another key.`,
    );
  }
  switch (error.status) {
    case 401:
    case 403:
      return final(
        `${where} refuses our key for the model "${to.model}" (${error.status}). Check ${to.keyVariable}.`,
      );
    case 404:
      return final(
        `${where} does not serve the model "${to.model}" (404: ${told(error)}). Check the model's name in slipway.yml.`,
      );
    case 408:
    case 409:
    case undefined:
      return elsewhere(`${where} cannot be reached or broke off: ${told(error)}`);
    case 429:
      return {
        kind: 'final',
        error: new TryAgain(`${where} limits how often we may ask the model "${to.model}" (429).`, {
          cause: error,
          ...waitOf(error, now),
        }),
      };
  }
  if (error.status >= 500) return elsewhere(`${where} is in trouble (${error.status}: ${told(error)}).`);
  const refusal = new GiveUp(
    `${where} refuses our request to the model "${to.model}" (${error.status}): ${told(error)}`,
    { cause: error },
  );
  return aboutFormat(error) ? { kind: 'format', error: refusal } : { kind: 'final', error: refusal };
}

/** Endpoints that lack a response format name the field in `param`, or, when they have no `param`, in the message. */
function aboutFormat(error: InstanceType<typeof OpenAI.APIError>): boolean {
  if (error.status !== 400 && error.status !== 422) return false;
  if (error.param) return error.param.startsWith('response_format');
  return /response_format|json_schema|json_object/.test(error.message);
}

function waitOf(error: InstanceType<typeof OpenAI.APIError>, now: Date): { afterMs?: number } {
  const milliseconds = Number(error.headers?.get('retry-after-ms') ?? Number.NaN);
  if (milliseconds > 0) return { afterMs: Math.ceil(milliseconds) };
  const after = error.headers?.get('retry-after');
  if (!after) return {};
  const seconds = Number(after);
  if (seconds > 0) return { afterMs: Math.ceil(seconds * 1000) };
  const until = Date.parse(after) - now.getTime();
  return until > 0 ? { afterMs: until } : {};
}

/** What the other side said, without the status the SDK puts before it, with the causes beneath it, and not at any length. */
function told(error: unknown): string {
  const sentences: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause)
    sentences.push(each.message.replace(/^\d{3} /, ''));
  return (sentences.join(' ') || String(error)).slice(0, 500);
}
