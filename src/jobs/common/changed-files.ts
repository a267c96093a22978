import { z } from 'zod';

/** A change as it is kept in a blob: every changed file, whole, against the base commit. */
export const changedFiles = z.array(z.strictObject({ path: z.string(), content: z.string().nullable() }));
