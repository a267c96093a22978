import type { z } from 'zod';
import type { Thinking } from '../../domain/feature/events.ts';
import { newestSpec } from '../../domain/feature/state.ts';
import type { ModelRequest, Role } from '../../ports.ts';
import type { JobContext, Tools } from './job.ts';

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
