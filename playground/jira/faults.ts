/**
 * What can go wrong with one call, on demand. `before`: nothing was done. `after`: the work was done and the
 * caller does not learn it.
 */
export type FaultKind =
  | 'error-before'
  | 'error-after'
  | 'cut-before'
  | 'cut-after'
  | 'hang-before'
  | 'hang-after'
  | 'maintenance'
  | 'forbidden'
  | 'captcha'
  | 'rate-limit'
  | 'login-page'
  | 'moved';

export type Fault = {
  readonly kind: FaultKind;
  /** Only calls whose `METHOD path` matches. */
  readonly on?: RegExp;
  /** How many calls it hits; 1 when it is not said. */
  readonly times?: number;
};

export type Faults = {
  plan(faults: readonly Fault[]): void;
  next(call: string): FaultKind | undefined;
};

export function makeFaults(): Faults {
  const planned: { readonly fault: Fault; left: number }[] = [];
  return {
    plan(faults) {
      planned.push(...faults.map((fault) => ({ fault, left: fault.times ?? 1 })));
    },
    next(call) {
      const one = planned.find(({ fault, left }) => left > 0 && (fault.on?.test(call) ?? true));
      if (!one) return undefined;
      one.left -= 1;
      return one.fault.kind;
    },
  };
}
