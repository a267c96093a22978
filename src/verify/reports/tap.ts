import { Parser, type Result } from 'tap-parser';
import type { Reported } from '../results.ts';
import type { ParsedReport } from './index.ts';

/**
 * TAP, with nested subtests. Places are only written for failures, so they are no part of an id: a test would
 * change its name by failing.
 */
export function parseTap(text: string): ParsedReport {
  if ((text.match(/^TAP version \d+/gm) ?? []).length > 1) return { kind: 'several' };
  if (!/^(TAP version|ok\b|not ok\b|1\.\.)/m.test(text))
    return { kind: 'malformed', because: 'it holds no TAP' };
  const reported: Reported[] = [];
  const problems: string[] = [];
  const read = (parser: Parser, suites: readonly string[]) => {
    let inner = 0;
    parser.on('child', (child: Parser) => {
      // A subtest's own line follows its content; the name is announced in a comment before.
      const before = reported.length;
      read(child, [...suites, child.name || '']);
      child.on('complete', () => {
        inner = reported.length - before;
      });
    });
    parser.on('assert', (result: Result) => {
      const wraps = inner > 0;
      inner = 0;
      const failed = !result.ok && !result.todo && !result.skip;
      // A parent repeats what its subtests said, unless they all passed and it failed by itself.
      if (wraps && !(failed && result.diag?.failureType === 'testCodeFailure')) return;
      reported.push(fromResult(result, suites, failed));
    });
    parser.on('bailout', (reason: string) => problems.push(`Bail out: ${reason}`));
  };
  const parser = new Parser({ strict: false });
  read(parser, []);
  parser.on('complete', (results) => {
    // Numbers are not compared: node --test repeats them. A plan that was not kept means an early end.
    const planned = results.plan.end ?? 0;
    if (results.count < planned) problems.push(`${planned} tests were planned and ${results.count} ran`);
  });
  parser.end(text);
  const broken = problems.map(
    (message): Reported => ({
      titles: [`(${message})`],
      outcome: 'failed',
      failure: { message },
    }),
  );
  return { kind: 'tests', reported: [...reported, ...broken] };
}

function fromResult(result: Result, suites: readonly string[], failed: boolean): Reported {
  const diagnosis: Readonly<Record<string, unknown>> = result.diag ?? {};
  const name = result.name.replaceAll('\\#', '#') || `test ${result.id}`;
  const named = suites.filter((suite) => suite !== '');
  const [top = name] = named;
  // node names a script that holds no tests by its path, vitest every file around its tests.
  const file = isPath(top) ? top : undefined;
  return {
    file,
    titles: file === undefined ? [...named, name] : [...named.slice(1), ...(named.length > 0 ? [name] : [])],
    outcome: result.skip || result.todo ? 'skipped' : result.ok ? 'passed' : 'failed',
    failure: failed
      ? {
          message: `${diagnosis.error ?? diagnosis.message ?? 'failed'}${stackOf(diagnosis.stack)}`,
          expected: shown(diagnosis.expected),
          received: shown(diagnosis.actual),
        }
      : undefined,
  };
}

function isPath(name: string): boolean {
  return /^[^\s>]*\.[cm]?[jt]sx?$/.test(name);
}

/** node writes the frames without the usual "at". */
function stackOf(stack: unknown): string {
  if (typeof stack !== 'string') return '';
  return stack
    .split('\n')
    .map((line) => `\n    at ${line.trim().replace(/^at /, '')}`)
    .join('');
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
