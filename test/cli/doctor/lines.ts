import type { CheckUp } from '../../../src/cli/doctor/finding.ts';

/** Each thing the doctor looked at as one line: verdict, subject, finding, and what to do. */
export function linesOf(checks: readonly CheckUp[]): readonly string[] {
  return checks.map(({ verdict, subject, because, remedy }) =>
    [`${verdict} ${subject}: ${because}`, remedy].filter((part) => part !== undefined).join('. '),
  );
}
