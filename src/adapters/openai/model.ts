import type { Risk } from '../../domain/feature/spec.ts';
import { BadAnswer, GiveUp, TryAgain } from '../../errors.ts';
import type { Model, ModelReply, ModelRequest, Role } from '../../ports.ts';
import { createRedactor, type Redactor } from '../../secrets/index.ts';
import { readAnswer } from './answer.ts';
import { createPlace, type ModelEndpoint } from './place.ts';
import type { Message, Patience } from './stream.ts';
import { costOf, nothing, type Price, sum } from './usage.ts';

export type { ModelEndpoint };
export type ModelChoice = { readonly model: string; readonly endpoint: string; readonly price: Price };
/** Where a request goes, and where it goes when that place is down. */
export type ModelRoute = ModelChoice & { readonly fallback?: ModelChoice };

export type ModelOptions = {
  readonly endpoints: readonly ModelEndpoint[];
  readonly route: (role: Role, risk: Risk) => ModelRoute;
  /** The deployment's own secret values, beside those that look like secrets. */
  readonly secrets?: readonly string[];
  /** Milliseconds. */
  readonly timeoutMs?: Patience;
  readonly now: () => Date;
};

const defaultPatience: Patience = { first: 180_000, idle: 60_000, total: 900_000 };
const tries = 2;
const longestProblem = 2000;

/**
 * The `Model` door on any OpenAI-compatible endpoint. An answer that cannot be used is asked for once more,
 * with what is wrong with it; then it is a `BadAnswer`. Everything else the queue repeats, not the SDK.
 */
export function createModel(options: ModelOptions): Model {
  const { endpoints, now, timeoutMs: patience = defaultPatience } = options;
  const places = new Map(
    endpoints.map((endpoint) => [endpoint.name, createPlace({ endpoint, patience, now })]),
  );

  async function askPlace(choice: ModelChoice, request: ModelRequest<unknown>, messages: readonly Message[]) {
    const place = places.get(choice.endpoint);
    if (!place) {
      throw new GiveUp(
        `The ${request.role} is routed to the model endpoint "${choice.endpoint}", which is not configured. Name one of: ${[...places.keys()].join(', ')}.`,
      );
    }
    const { answer, user, signal } = request;
    const came = await place.ask({ model: choice.model, messages, answer, user, signal });
    return came.kind === 'answered' ? { ...came, choice } : came;
  }

  /** Asks the route's place, and its fallback when that place is down. */
  async function reach(request: ModelRequest<unknown>, messages: readonly Message[], route: ModelRoute) {
    const came = await askPlace(route, request, messages);
    if (came.kind === 'answered') return came;
    if (came.kind !== 'elsewhere' || !route.fallback || request.signal.aborted) throw came.error;
    const instead = await askPlace(route.fallback, request, messages);
    if (instead.kind === 'answered') return instead;
    throw afterBoth(came.error, instead.error);
  }

  async function ask<Answer>(request: ModelRequest<Answer>): Promise<ModelReply<Answer>> {
    const route = options.route(request.role, request.risk);
    const redactor = createRedactor({ known: options.secrets ?? [] });
    const problems: string[] = [];
    let messages: readonly Message[] = request.messages;
    let spent = nothing;
    let model = route.model;
    while (problems.length < tries) {
      const { choice, streamed, sent } = await reach(
        request,
        await withoutSecrets(messages, redactor),
        route,
      );
      model = choice.model;
      spent = sum(spent, await costOf(sent, streamed, choice.price));
      const reading = await readAnswer(streamed, request.answer.schema);
      if ('answer' in reading) {
        return { answer: reading.answer, text: streamed.text, usage: { model, ...spent } };
      }
      problems.push(reading.problem);
      messages = [...request.messages, ...mending(streamed.text || streamed.refusal, reading.problem)];
    }
    const { text } = await redactor.redact(unusable({ model, role: request.role, problems }));
    throw new BadAnswer(text, { usage: { model, ...spent } });
  }
  return { ask };
}

/** The last look before anything leaves; what is wrong with an answer may quote a file that was shown redacted. */
async function withoutSecrets(messages: readonly Message[], redactor: Redactor): Promise<readonly Message[]> {
  const clean: Message[] = [];
  for (const { role, content } of messages)
    clean.push({ role, content: (await redactor.redact(content)).text });
  return clean;
}

/** The sentence for people and for the next attempt. */
function unusable(options: {
  readonly model: string;
  readonly role: Role;
  readonly problems: readonly string[];
}): string {
  const { model, role } = options;
  const problems = [...new Set(options.problems)].map((problem) => problem.slice(0, longestProblem));
  const twice = problems.length === 1 ? ', twice in the same way' : '';
  return `The model "${model}" gave the ${role} no usable answer${twice}: ${problems.join('. Asked again: ')}. Try again, or route the ${role} to another model in slipway.yml.`;
}

/** What a model is told about its unusable answer. */
function mending(text: string, problem: string): readonly Message[] {
  return [
    ...(text === '' ? [] : [{ role: 'assistant', content: text } as const]),
    {
      role: 'user',
      content: `Your answer cannot be used: ${problem}. Answer the same request again, whole, as one JSON object of the shape asked for.`,
    },
  ];
}

/** The route's own place is only down for now, so that even a misconfigured fallback does not end the work. */
function afterBoth(own: TryAgain, fallback: TryAgain | GiveUp): TryAgain {
  return new TryAgain(`${own.message} Its fallback did not help: ${fallback.message}`, {
    cause: fallback,
    ...(own.afterMs === undefined ? {} : { afterMs: own.afterMs }),
  });
}
