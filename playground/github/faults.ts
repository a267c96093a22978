/**
 * What can go wrong with one call, on demand. `before`: nothing was done. `after`: the work was done and
 * the caller does not learn it.
 */
export type FaultKind =
  | 'error-before'
  | 'error-after'
  | 'cut-before'
  | 'cut-after'
  | 'hang-after'
  | 'forbidden'
  | 'rate-limit';

export type Fault = {
  readonly kind: FaultKind;
  /** Calls that go through first; 0 when it is not said. */
  readonly skip?: number;
  /** How many calls it hits; 1 when it is not said. */
  readonly times?: number;
  /** Only calls whose `METHOD path` matches. */
  readonly on?: RegExp;
};

export type Faults = {
  plan(fault: Fault): void;
  clear(): void;
  /** The API calls since the start, as `METHOD path`. */
  readonly calls: readonly string[];
};

export function makeFaults(): Faults & { next(call: string): FaultKind | undefined } {
  let planned: { fault: Fault; skip: number; times: number }[] = [];
  const calls: string[] = [];
  return {
    calls,
    plan(fault) {
      planned.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
    },
    clear() {
      planned = [];
    },
    next(call) {
      calls.push(call);
      for (const one of planned) {
        if (one.times === 0 || (one.fault.on && !one.fault.on.test(call))) continue;
        if (one.skip > 0) {
          one.skip -= 1;
          continue;
        }
        one.times -= 1;
        return one.fault.kind;
      }
      return undefined;
    },
  };
}
