import { z } from 'zod';

export const risks = ['low', 'medium', 'high'] as const;
export type Risk = (typeof risks)[number];

export const criterion = z.strictObject({
  id: z
    .string()
    .regex(/^AC-\d+$/)
    .describe('AC-1, AC-2, … A criterion keeps its id for ever; a new one takes the next number.'),
  text: z.string().min(1).describe('One observable behaviour, in one sentence.'),
});
export type Criterion = z.infer<typeof criterion>;

/** The contract: what is asked for, before anyone says how. */
export const spec = z.strictObject({
  title: z.string().min(1).max(120).describe('What it is called in the thread and in the pull request.'),
  goal: z.string().min(1).describe('At most three sentences.'),
  inputs: z.array(z.string()),
  outputs: z.array(z.string()),
  criteria: z.array(criterion).min(1).max(20),
  constraints: z.array(z.string()),
  outOfScope: z.array(z.string()),
  patterns: z.array(z.string()).describe('Existing code to follow: a path and what to take from it.'),
  risk: z.strictObject({ level: z.enum(risks), because: z.string().min(1) }),
  flag: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .describe('Name of the feature flag.'),
  files: z.array(z.string()).describe('Paths that will likely be touched.'),
  validation: z.array(z.string()).describe('The commands that must pass.'),
  estimate: z.strictObject({ dollars: z.number().nonnegative(), minutes: z.number().nonnegative() }),
});
export type Spec = z.infer<typeof spec>;

export const question = z.strictObject({
  id: z.string().regex(/^Q-\d+$/),
  text: z.string().min(1),
  options: z
    .array(z.string().min(1).max(75))
    .min(1)
    .max(4)
    .describe('Answers to choose from; free text is always possible.'),
  default: z.string().min(1).describe('What will be assumed without an answer; one of the options.'),
});
export type Question = z.infer<typeof question>;

/** A part of a request that is too large for one feature. */
export const part = z.strictObject({ title: z.string().min(1), words: z.string().min(1) });
export type Part = z.infer<typeof part>;
