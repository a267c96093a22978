import { diffCoverage } from '../coverage.ts';
import { readPlain } from '../tree.ts';
import type { Gate } from './gate.ts';

/** The added lines that can run were run by tests. */
export const coverage: Gate = {
  name: 'diff coverage',
  async look({ changes, coverage: measured, headDirectory, workflow }) {
    if (!measured.declared) return [];
    if (measured.head === undefined && measured.base && !measured.checksHold) {
      return [
        { severity: 'note', because: 'No coverage was written on the head, since its checks do not hold.' },
      ];
    }
    if (measured.head === undefined) {
      return [
        {
          severity: measured.base ? 'block' : 'review',
          because: measured.base
            ? 'No coverage was written on the head, and it was on the base.'
            : 'Coverage is declared, but it was written neither on the base nor on the head; the coverage of the change is not known.',
        },
      ];
    }
    const { executable, covered, uncovered } = await diffCoverage(changes, measured.head, (path) =>
      readPlain(headDirectory, path),
    );
    const percent = executable === 0 ? 100 : (covered / executable) * 100;
    const wanted = workflow.thresholds.diffCoverage;
    if (percent >= wanted) return [];
    const [first] = uncovered;
    return [
      {
        severity: 'block',
        ...(first ?? {}),
        because: `Tests run ${covered} of the ${executable} added lines that can run (${percent.toFixed(0)} %, wanted ${wanted} %). Not run: ${uncovered
          .slice(0, 10)
          .map(({ path, line }) => `${path}:${line}`)
          .join(', ')}${uncovered.length > 10 ? ', …' : ''}.`,
      },
    ];
  },
};
