import { z } from 'zod';

/** A piece of work small enough for one answer of the model. */
export const task = z.strictObject({
  id: z.string().regex(/^T-\d+$/),
  title: z.string().min(1),
  files: z.array(z.string()).min(1),
  signatures: z.array(z.string()).describe('Exported names with their types that this task adds or changes.'),
  criteria: z.array(z.string()).min(1).describe('Ids of the criteria it serves.'),
});
export type Task = z.infer<typeof task>;

/** Tasks in the order they are built. */
export const plan = z.strictObject({ summary: z.string().min(1), tasks: z.array(task).min(1).max(12) });
export type Plan = z.infer<typeof plan>;

/** Which test proves which criterion. */
export const criterionTest = z.strictObject({
  criterion: z.string(),
  file: z.string(),
  name: z
    .string()
    .min(1)
    .describe('The full name of the test, as the report will name it, suites joined with " > " .'),
});
export type CriterionTest = z.infer<typeof criterionTest>;
