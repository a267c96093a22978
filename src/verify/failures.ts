import type { Failure } from '../domain/proof.ts';
import type { TestResult } from './results.ts';
import { readPlain } from './tree.ts';

/** A failing test, with the few lines of code it points to. */
export async function failureOf(
  gate: string,
  test: TestResult,
  directory: string,
  remark = '',
): Promise<Failure> {
  const excerpt = test.at === undefined ? undefined : await excerptAt(directory, test.at);
  return {
    gate,
    test: test.id,
    message: `${remark}${test.message ?? 'It fails.'}`,
    ...(test.expected === undefined ? {} : { expected: test.expected }),
    ...(test.received === undefined ? {} : { received: test.received }),
    ...(test.at === undefined ? {} : { at: test.at }),
    ...(excerpt === undefined ? {} : { excerpt }),
  };
}

const around = 3;

async function excerptAt(directory: string, at: string): Promise<string | undefined> {
  const [, path, line] = /^(.*):(\d+)$/.exec(at) ?? [];
  if (path === undefined || line === undefined) return undefined;
  const lines = (await readPlain(directory, path))?.split('\n');
  if (lines === undefined || lines.length < Number(line)) return undefined;
  const first = Math.max(1, Number(line) - around);
  return lines
    .slice(first - 1, Number(line) + around)
    .map(
      (text, index) =>
        `${first + index === Number(line) ? '>' : ' '} ${first + index} | ${text.slice(0, 200)}`,
    )
    .join('\n');
}
