import { z } from 'zod';

/** What can go wrong on demand with the next calls of a method (`*`: of any method). */
export const faultSchema = z.object({
  method: z.string(),
  times: z.number().int().min(1).default(1),
  fault: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('rate-limited'), seconds: z.number().int().min(1) }),
    z.object({ kind: z.literal('server-error') }),
    z.object({ kind: z.literal('refused'), error: z.string() }),
    z.object({ kind: z.literal('server-error-after-commit') }),
    z.object({ kind: z.literal('silence-after-commit') }),
  ]),
});
export type Fault = z.infer<typeof faultSchema>['fault'];

export type Faults = {
  plan(request: z.infer<typeof faultSchema>): void;
  next(method: string): Fault | undefined;
};

export function createFaults(): Faults {
  const planned: { method: string; fault: Fault }[] = [];
  return {
    plan({ method, times, fault }) {
      for (let index = 0; index < times; index += 1) planned.push({ method, fault });
    },
    next(method) {
      const index = planned.findIndex((each) => each.method === method || each.method === '*');
      return index === -1 ? undefined : planned.splice(index, 1)[0]?.fault;
    },
  };
}
