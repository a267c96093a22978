import type { Faults } from '../faults.ts';
import type { RateLimits } from '../limits/rates.ts';
import { Refusal } from '../refusal.ts';
import { createArgs } from './args.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import type { Context, Method } from './method.ts';
import { peopleMethods } from './people.ts';
import { reactionMethods } from './reactions.ts';
import { viewMethods } from './views.ts';

const METHODS: Readonly<Record<string, Method>> = {
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...peopleMethods,
  ...reactionMethods,
  ...viewMethods,
};

/** The HTTP answer of one call. `silent`: it was done, but no answer ever comes. */
export type ApiAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly silent: boolean;
};

type Request = {
  readonly method: string;
  readonly token: string | undefined;
  readonly args: Readonly<Record<string, unknown>>;
};

/** Answers Web API calls: rate, token, scope, then the method; faults asked for on the way. */
export function createWebApi(options: {
  readonly context: Context;
  readonly rates: RateLimits;
  readonly faults: Faults;
}): (request: Request) => ApiAnswer {
  const { context, rates, faults } = options;
  const { world } = context;

  const decide = (request: Request): ApiAnswer => {
    const fault = faults.next(request.method);
    switch (fault?.kind) {
      case 'rate-limited':
        return rateLimited(fault.seconds);
      case 'server-error':
        return { status: 500, headers: {}, body: { ok: false, error: 'internal_error' }, silent: false };
      case 'refused':
        return answer({ ok: false, error: fault.error });
      case 'server-error-after-commit':
        return { ...perform(request), status: 500, body: { ok: false, error: 'internal_error' } };
      case 'silence-after-commit':
        return { ...perform(request), silent: true };
      case undefined:
        return perform(request);
    }
  };

  const perform = ({ method, token, args }: Request): ApiAnswer => {
    const found = METHODS[method];
    if (!found) return answer({ ok: false, error: 'unknown_method', req_method: method });
    const channel = typeof args.channel === 'string' ? args.channel : undefined;
    const wait = rates.take(method, channel);
    if (wait !== undefined) return rateLimited(wait);
    try {
      authorize(found, token);
      return answer({ ok: true, ...found.run(createArgs(args), context) });
    } catch (error) {
      if (error instanceof Refusal) return answer({ ok: false, error: error.code, ...error.details });
      throw error;
    }
  };

  const authorize = (method: Method, token: string | undefined): void => {
    const { credentials, app } = world.setup;
    if (token === undefined) throw new Refusal('not_authed');
    if (token !== credentials.botToken && token !== credentials.appToken) throw new Refusal('invalid_auth');
    const expected = method.token === 'app' ? credentials.appToken : credentials.botToken;
    if (token !== expected) throw new Refusal('not_allowed_token_type');
    const { scopes } = app;
    if (scopes && method.scopes.length > 0 && !method.scopes.some((scope) => scopes.includes(scope))) {
      throw new Refusal('missing_scope', { needed: method.scopes.join(','), provided: scopes.join(',') });
    }
  };

  return (request) => {
    const given = decide(request);
    world.calls.push({
      order: world.calls.length + 1,
      method: request.method,
      status: given.status,
      error: typeof given.body.error === 'string' ? given.body.error : undefined,
    });
    return given;
  };
}

function answer(body: Readonly<Record<string, unknown>>): ApiAnswer {
  return { status: 200, headers: {}, body, silent: false };
}

function rateLimited(seconds: number): ApiAnswer {
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { ok: false, error: 'ratelimited' },
    silent: false,
  };
}
