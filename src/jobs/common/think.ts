import type { z } from 'zod';
import type { FeatureCommand } from '../../domain/feature/commands.ts';
import type { Thinking } from '../../domain/feature/events.ts';
import { newestSpec } from '../../domain/feature/state.ts';
import { BadAnswer } from '../../errors.ts';
import type { ModelRequest, Role, Usage } from '../../ports.ts';
import type { FeatureJob, JobContext, Tools } from './job.ts';

export type Thought<Answer> = { readonly answer: Answer; readonly thinking: Thinking };

/** Asks the model, and keeps the prompt and the answer by their SHA-256. */
export async function think<Answer>(
  { model, blobs }: Pick<Tools, 'model' | 'blobs'>,
  context: JobContext,
  request: {
    readonly role: Role;
    readonly messages: ModelRequest<Answer>['messages'];
    readonly answer: { readonly name: string; readonly schema: z.ZodType<Answer> };
  },
): Promise<Thought<Answer>> {
  const prompt = await blobs.put(JSON.stringify(request.messages, null, 2));
  const reply = await model.ask({
    ...request,
    risk: newestSpec(context.state)?.spec.risk.level ?? 'medium',
    user: context.processId,
    signal: context.signal,
  });
  const answer = await blobs.put(reply.text);
  return { answer: reply.answer, thinking: { cost: reply.usage, prompt, answer } };
}

/** The bill of two thoughts that led to one answer; prompt and answer are those of the last. */
export function together(first: Thinking | undefined, last: Thinking): Thinking {
  if (!first) return last;
  return { ...last, cost: sumOf(first.cost, last.cost) };
}

function sumOf(first: Usage, last: Usage): Usage {
  return {
    model: last.model,
    inputTokens: first.inputTokens + last.inputTokens,
    outputTokens: first.outputTokens + last.outputTokens,
    dollars: first.dollars + last.dollars,
  };
}

/** A job that thinks: an unusable answer blocks the feature, and what it cost is on the bill. */
export function thinkingJob(run: (context: JobContext) => Promise<FeatureCommand>): FeatureJob {
  return async (context) => {
    try {
      return await run(context);
    } catch (error) {
      if (!(error instanceof BadAnswer)) throw error;
      return { type: 'gave-up', key: context.job.key, because: error.message, cost: error.usage };
    }
  };
}
