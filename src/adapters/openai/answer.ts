import type { z } from 'zod';
import type { Streamed } from './stream.ts';

/** An answer that fits, or what is wrong with it, said so that the model can mend it and a person understands. */
export type Reading<Answer> = { readonly answer: Answer } | { readonly problem: string };

/** Reads a streamed answer. The schema's refinements count: they hold what a JSON schema cannot say. */
export async function readAnswer<Answer>(
  streamed: Streamed,
  schema: z.ZodType<Answer>,
): Promise<Reading<Answer>> {
  if (streamed.refusal !== '') return { problem: `it refused: "${excerpt(streamed.refusal)}"` };
  if (streamed.finish === 'content_filter')
    return { problem: "it was stopped by the provider's content filter" };
  if (streamed.finish === 'length')
    return { problem: 'it was cut off at the length limit; it must be shorter' };
  let value: unknown;
  try {
    value = JSON.parse(unfenced(streamed.text));
  } catch (error) {
    const text = streamed.text.trim();
    if (text === '') return { problem: 'it is not JSON: it is empty' };
    // Where the JSON breaks helps the model; that prose is none needs no proof.
    const where = text.startsWith('{') && error instanceof Error ? ` (${error.message})` : '';
    return { problem: `it is not JSON: it begins with "${excerpt(text)}"${where}` };
  }
  const parsed = await schema.safeParseAsync(value);
  if (parsed.success) return { answer: parsed.data };
  return { problem: `it does not fit: ${parsed.error.issues.slice(0, 5).map(sentence).join('; ')}` };
}

/** Models without structured outputs like to put their JSON, and only that, in a Markdown fence. */
function unfenced(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/.exec(text)?.[1] ?? text;
}

function sentence(issue: z.core.$ZodIssue): string {
  return issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`;
}

function excerpt(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
