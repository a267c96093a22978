import { z } from 'zod';
import type { Reported } from '../results.ts';
import { soleObject } from './document.ts';
import type { ParsedReport } from './index.ts';

const test = z.object({
  title: z.string(),
  fullTitle: z.string(),
  file: z.string().nullish(),
  err: z
    .looseObject({
      message: z.string().optional(),
      stack: z.string().optional(),
      expected: z.unknown().optional(),
      actual: z.unknown().optional(),
    })
    .optional(),
});
const shape = z.object({
  tests: z.array(test),
  passes: z.array(test),
  failures: z.array(test),
  pending: z.array(test),
});
type Test = z.infer<typeof test>;

/** `mocha --reporter json --reporter-option output=…`; it names the suites only joined with spaces. */
export function parseMochaJson(text: string): ParsedReport {
  const document = soleObject(text, ['stats', 'tests', 'passes']);
  if (document.kind === 'several') return { kind: 'several' };
  if (document.kind === 'none') return { kind: 'malformed', because: 'it holds no JSON report' };
  const report = shape.safeParse(document.value);
  if (!report.success) return { kind: 'malformed', because: z.prettifyError(report.error).slice(0, 300) };
  const { tests, passes, failures, pending } = report.data;
  const [passed, skipped] = [tally(passes), tally(pending)];
  const reported = tests.map((each): Reported => {
    const failed = failures.some((other) => nameOf(other) === nameOf(each) && sameFailure(other, each));
    if (failed) return failure(each);
    if (take(skipped, each)) return plain(each, 'skipped');
    return plain(each, take(passed, each) ? 'passed' : 'skipped');
  });
  // A failed hook is among the failures only.
  const listed = new Set(tests.map(nameOf));
  const hooks = failures.filter((each) => !listed.has(nameOf(each))).map(failure);
  return { kind: 'tests', reported: [...reported, ...hooks] };
}

function sameFailure(one: Test, other: Test): boolean {
  return one.err?.message === other.err?.message;
}

function plain({ title, fullTitle, file }: Test, outcome: Reported['outcome']): Reported {
  return { file: file ?? undefined, titles: split(title, fullTitle), outcome };
}

function failure(each: Test): Reported {
  const { err } = each;
  return {
    ...plain(each, 'failed'),
    failure: {
      message: [err?.message ?? 'failed', err?.stack ?? ''].join('\n'),
      expected: shown(err?.expected),
      received: shown(err?.actual),
    },
  };
}

/** "suite inner test" with the test's own title known: the suites stay one title. */
function split(title: string, fullTitle: string): readonly string[] {
  const suites = fullTitle.endsWith(title) ? fullTitle.slice(0, fullTitle.length - title.length).trim() : '';
  return suites === '' ? [fullTitle] : [suites, title];
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const nameOf = (each: Test) => `${each.file ?? ''}\0${each.fullTitle}`;

function tally(tests: readonly Test[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of tests) counts.set(nameOf(each), (counts.get(nameOf(each)) ?? 0) + 1);
  return counts;
}

function take(counts: Map<string, number>, each: Test): boolean {
  const left = counts.get(nameOf(each)) ?? 0;
  if (left > 0) counts.set(nameOf(each), left - 1);
  return left > 0;
}
