import { sideOf } from '../test-side.ts';
import type { Gate } from './gate.ts';

const forced =
  /\bprocess\s*\.\s*(?:exit|reallyExit|abort|kill)\s*\(|\bprocess\s*\.\s*exitCode\s*=|\bREPORT\b.*process|process.*\bREPORT\b|--outputFile|--test-reporter/;

/** New code that ends its process or reaches for the report: fine in a program's entry, telling anywhere else. */
export const forcedExit: Gate = {
  name: 'forced exit',
  async look({ changes }) {
    return changes.flatMap(({ path, kind, added }) => {
      if (kind === 'deleted' || !/\.[cm]?[jt]sx?$/.test(path) || sideOf(path) === 'ci') return [];
      return added
        .filter(({ text }) => forced.test(text))
        .map(({ line, text }) => ({
          severity: 'review' as const,
          path,
          line,
          because: `${path}:${line} can end the process or reach the report: ${text.trim().slice(0, 120)}`,
        }));
    });
  },
};
