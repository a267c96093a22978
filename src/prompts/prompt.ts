import { z } from 'zod';

export type Message = { readonly role: 'system' | 'user'; readonly content: string };

/** A question to a model: what is sent, the shape of the answer, and what an answer that fits means to us. */
export type Prompt<Role extends string, Wire, Result> = {
  readonly role: Role;
  readonly messages: readonly Message[];
  /** The schema goes over the wire; its refinement holds the rules of the domain, so that a broken one is answered again. */
  readonly answer: { readonly name: string; readonly schema: z.ZodType<Wire> };
  readonly read: (answer: Wire) => Result;
};

/**
 * Adds rules that a JSON schema cannot say. Wire schemas stay plain (every field required, no patterns, no
 * limits), because providers differ in what they allow; the rules are in `check`, one sentence per problem.
 */
export function checked<Wire>(
  schema: z.ZodType<Wire>,
  check: (answer: Wire) => readonly string[],
): z.ZodType<Wire> {
  return schema.superRefine((answer, context) => {
    for (const message of check(answer)) context.addIssue({ code: 'custom', message });
  });
}

/** The problems a domain schema finds, as sentences. */
export function problemsIn(schema: z.ZodType, value: unknown): readonly string[] {
  const parsed = schema.safeParse(value);
  return parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

/** System and user message. `about` is the first line of the user's: it identifies the request for ever. */
export function conversation(options: {
  readonly system: string;
  readonly about: string;
  readonly marker: string;
  readonly sections: readonly (string | undefined)[];
}): readonly Message[] {
  const { system, about, marker, sections } = options;
  const present = sections.filter((section) => section !== undefined && section !== '');
  return [
    { role: 'system', content: system },
    {
      role: 'user',
      content: [`${about}\nFences of this message carry the marker ${marker}.`, ...present].join('\n\n'),
    },
  ];
}

export function listed(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** Values that occur more than once. */
export function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

export const strings = z.array(z.string());
