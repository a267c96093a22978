/** The part of vitest's JSON report that the sum is made of. */
type Results = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
};

export declare function sumOf(run: {
  readonly checks: readonly string[];
  readonly status: number;
  readonly results: Results | undefined;
}): { readonly passed: number; readonly failed: number; readonly lines: readonly string[] };
