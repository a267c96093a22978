import type { ReportFormat } from '../../domain/workflow.ts';
import { identified, type Reported, type TestResult } from '../results.ts';
import { parseJestShape } from './jest-shape.ts';
import { parseJunit } from './junit.ts';
import { parseMochaJson } from './mocha-json.ts';
import { parseTap } from './tap.ts';

/** What one format's parser makes of the text. */
export type ParsedReport =
  | { readonly kind: 'tests'; readonly reported: readonly Reported[] }
  /** More than one report in the stream. */
  | { readonly kind: 'several' }
  | { readonly kind: 'malformed'; readonly because: string };

export type Report =
  | { readonly kind: 'tests'; readonly tests: readonly TestResult[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'several' }
  | { readonly kind: 'malformed'; readonly because: string };

const parsers: Readonly<Record<ReportFormat, (text: string) => ParsedReport>> = {
  'vitest-json': parseJestShape,
  'jest-json': parseJestShape,
  'mocha-json': parseMochaJson,
  junit: parseJunit,
  tap: parseTap,
};

/** Reads a report in any format into one shape. An empty text is a report that was never written. */
export function readReport(format: ReportFormat, text: string): Report {
  if (text.trim() === '') return { kind: 'missing' };
  const report = parsers[format](text);
  return report.kind === 'tests' ? { kind: 'tests', tests: identified(report.reported) } : report;
}
