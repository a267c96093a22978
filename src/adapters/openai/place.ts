import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { z } from 'zod';
import { type Trouble, troubleOf } from './errors.ts';
import { type Format, type Message, type Patience, type Streamed, stream } from './stream.ts';

/** An address that speaks the OpenAI protocol. */
export type ModelEndpoint = {
  readonly name: string;
  /** For example `http://localhost:11434/v1`; OpenAI's own when absent. */
  readonly baseUrl?: string;
  readonly apiKey: string;
  /** The environment variable the key came from, for the sentence when it is refused. */
  readonly keyVariable: string;
};

export type Question = {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly answer: { readonly name: string; readonly schema: z.ZodType };
  readonly user: string;
  readonly signal: AbortSignal;
};
export type Answered = {
  readonly kind: 'answered';
  /** With the schema in it, where the endpoint needs it there. */
  readonly sent: readonly Message[];
  readonly streamed: Streamed;
};
export type Place = { ask(question: Question): Promise<Answered | Trouble> };

const openAi = 'https://api.openai.com/v1';
const formats = ['json_schema', 'json_object', 'text'] as const;

/** One endpoint. It learns which of its models know no schemas, or no JSON mode, and does not ask again. */
export function createPlace(options: {
  readonly endpoint: ModelEndpoint;
  readonly patience: Patience;
  readonly now: () => Date;
}): Place {
  const { endpoint, patience, now } = options;
  const client = new OpenAI({
    apiKey: endpoint.apiKey,
    baseURL: endpoint.baseUrl ?? openAi,
    maxRetries: 0,
    // The SDK would write pieces of answers to the console.
    logLevel: 'off',
  });
  const lacking = new Map<string, number>();

  async function ask(question: Question): Promise<Answered | Trouble> {
    const asked = lacking.get(question.model) ?? 0;
    const { format, sent } = inFormat(question, formats[asked] ?? 'text');
    try {
      const { model, user, signal } = question;
      const to = { client, endpoint: endpoint.name, model, user, signal, patience };
      return { kind: 'answered', sent, streamed: await stream({ ...to, messages: sent, format }) };
    } catch (error) {
      const to = { endpoint: endpoint.name, keyVariable: endpoint.keyVariable, model: question.model };
      const trouble = troubleOf(error, to, now());
      if (trouble.kind !== 'format' || asked + 1 >= formats.length) return trouble;
      lacking.set(question.model, Math.max(lacking.get(question.model) ?? 0, asked + 1));
      return ask(question);
    }
  }
  return { ask };
}

function inFormat(
  question: Question,
  kind: (typeof formats)[number],
): { readonly format: Format; readonly sent: readonly Message[] } {
  const { name, schema, strict } = zodResponseFormat(
    question.answer.schema,
    question.answer.name,
  ).json_schema;
  if (kind === 'json_schema') {
    return { format: { kind, name, schema: schema ?? {}, strict: strict ?? true }, sent: question.messages };
  }
  const shape = `Answer with one JSON object and nothing else. It must fit this JSON schema:\n${JSON.stringify(schema)}`;
  return { format: { kind }, sent: [...question.messages, { role: 'system', content: shape }] };
}
