import { z } from 'zod';
import type { Reported } from '../results.ts';
import { soleObject } from './document.ts';
import type { ParsedReport } from './index.ts';

/** The JSON that jest writes and vitest copies. */
const shape = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string().optional(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()).default([]),
          title: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

export function parseJestShape(text: string): ParsedReport {
  const document = soleObject(text, ['testResults', 'numTotalTests']);
  if (document.kind === 'several') return { kind: 'several' };
  if (document.kind === 'none') return { kind: 'malformed', because: 'it holds no JSON report' };
  const report = shape.safeParse(document.value);
  if (!report.success) return { kind: 'malformed', because: z.prettifyError(report.error).slice(0, 300) };
  const tests: Reported[] = [];
  for (const file of report.data.testResults) {
    // vitest keeps a leading space in titles of the outermost, unnamed suite in some versions.
    for (const test of file.assertionResults) {
      tests.push({
        file: file.name,
        titles: [...test.ancestorTitles.filter((title) => title.trim() !== ''), test.title],
        outcome: outcomeOf(test.status),
        failure:
          test.status === 'failed'
            ? { message: (test.failureMessages ?? []).join('\n') || 'failed' }
            : undefined,
      });
    }
    const explained = file.assertionResults.some((test) => test.status === 'failed');
    if (file.status === 'failed' && !explained) {
      tests.push({
        file: file.name,
        titles: [],
        outcome: 'failed',
        failure: { message: file.message || 'The file could not be run.' },
      });
    }
  }
  return { kind: 'tests', reported: tests };
}

function outcomeOf(status: string): Reported['outcome'] {
  if (status === 'passed' || status === 'failed') return status;
  return 'skipped';
}
