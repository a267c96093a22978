import type { Usage } from '../../ports.ts';
import type { Message, Streamed } from './stream.ts';

/** Dollars per million tokens. */
export type Price = { readonly input: number; readonly output: number };

export const nothing = { inputTokens: 0, outputTokens: 0, dollars: 0 };
type Spent = Omit<Usage, 'model'>;

/** What one try cost. Where the provider does not count, we count with the o200k tokenizer: near enough for a budget, and never nothing. */
export async function costOf(messages: readonly Message[], streamed: Streamed, price: Price): Promise<Spent> {
  const counted = streamed.counted ?? (await count(messages, streamed));
  return {
    ...counted,
    dollars: (counted.inputTokens * price.input + counted.outputTokens * price.output) / 1e6,
  };
}

export function sum(one: Spent, other: Spent): Spent {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    dollars: one.dollars + other.dollars,
  };
}

async function count(messages: readonly Message[], streamed: Streamed) {
  // Loaded when it is needed: the ranks are megabytes, and most providers count.
  const { countTokens } = await import('gpt-tokenizer');
  return {
    inputTokens: messages.reduce((total, message) => total + countTokens(message.content) + 4, 0),
    outputTokens: countTokens(streamed.text + streamed.refusal) + 1,
  };
}
