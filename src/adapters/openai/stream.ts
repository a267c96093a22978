import type OpenAI from 'openai';
import { TryAgain } from '../../errors.ts';

/** How an answer is asked for: by schema where the endpoint can, else with the schema in the prompt. */
export type Format =
  | {
      readonly kind: 'json_schema';
      readonly name: string;
      readonly schema: Record<string, unknown>;
      readonly strict: boolean;
    }
  | { readonly kind: 'json_object' }
  | { readonly kind: 'text' };

export type Message = { readonly role: 'system' | 'user' | 'assistant'; readonly content: string };

/** How long silence may last: before the first piece (thinking models are slow to begin), between pieces, and altogether. */
export type Patience = { readonly first: number; readonly idle: number; readonly total: number };

/** What came over the wire, complete or not. */
export type Streamed = {
  readonly text: string;
  readonly refusal: string;
  readonly finish: string;
  /** As the provider counted; absent when it does not. */
  readonly counted: { readonly inputTokens: number; readonly outputTokens: number } | undefined;
};

/**
 * One streamed request. Streaming tells a slow model from a dead one. Throws the SDK's errors, and
 * `TryAgain` when our patience ends, the caller stops, or the stream ends before the answer does.
 */
export async function stream(options: {
  readonly client: OpenAI;
  readonly endpoint: string;
  readonly model: string;
  readonly messages: readonly Message[];
  readonly format: Format;
  readonly user: string;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}): Promise<Streamed> {
  const { patience } = options;
  const watch = new AbortController();
  const expire = (milliseconds: number, what: string) =>
    setTimeout(
      () => watch.abort(new TryAgain(`The model endpoint "${options.endpoint}" ${what}.`)),
      milliseconds,
    );
  const whole = expire(patience.total, `did not finish its answer within ${seconds(patience.total)}`);
  let silence = expire(patience.first, `did not begin to answer within ${seconds(patience.first)}`);
  const signal = AbortSignal.any([options.signal, watch.signal]);

  let text = '';
  let refusal = '';
  let finish: string | undefined;
  let counted: Streamed['counted'];
  try {
    const chunks = await options.client.chat.completions.create(
      {
        model: options.model,
        messages: options.messages.map((message) => ({ ...message })),
        ...responseFormat(options.format),
        stream: true,
        stream_options: { include_usage: true },
        user: options.user,
      },
      { signal },
    );
    for await (const chunk of chunks) {
      clearTimeout(silence);
      silence = expire(
        patience.idle,
        `fell silent for ${seconds(patience.idle)} in the middle of its answer`,
      );
      const choice = chunk.choices[0];
      text += choice?.delta.content ?? '';
      refusal += choice?.delta.refusal ?? '';
      finish = choice?.finish_reason ?? finish;
      if (chunk.usage) {
        counted = { inputTokens: chunk.usage.prompt_tokens, outputTokens: chunk.usage.completion_tokens };
      }
    }
  } catch (error) {
    throw signal.aborted ? patienceEnded(options.signal, watch.signal) : error;
  } finally {
    clearTimeout(whole);
    clearTimeout(silence);
  }
  if (signal.aborted) throw patienceEnded(options.signal, watch.signal);
  if (finish === undefined) {
    throw new TryAgain(
      `The model endpoint "${options.endpoint}" closed the connection before its answer was complete.`,
    );
  }
  return { text, refusal, finish, counted };
}

/** The SDK turns an abort into an error of its own or ends the stream quietly; the signals know who it was. */
function patienceEnded(caller: AbortSignal, ours: AbortSignal): unknown {
  return caller.aborted
    ? new TryAgain('The request to the model was stopped.', { cause: caller.reason })
    : ours.reason;
}

function responseFormat(format: Format): Pick<OpenAI.ChatCompletionCreateParams, 'response_format'> {
  switch (format.kind) {
    case 'json_schema':
      return {
        response_format: {
          type: 'json_schema',
          json_schema: { name: format.name, schema: format.schema, strict: format.strict },
        },
      };
    case 'json_object':
      return { response_format: { type: 'json_object' } };
    case 'text':
      return {};
  }
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
