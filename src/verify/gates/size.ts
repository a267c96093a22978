import { basename } from 'node:path';
import type { Gate } from './gate.ts';

const written = /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock)$|\.snap$/;

/** A change that a person can review; files that tools write are not counted. */
export const size: Gate = {
  name: 'size',
  async look({ changes, workflow }) {
    const counted = changes.filter(({ path }) => !written.test(basename(path)));
    const lines = counted.reduce((sum, { added, removed }) => sum + added.length + removed.length, 0);
    const most = workflow.thresholds.changedLines;
    if (lines <= most) return [];
    return [
      {
        severity: 'block',
        because: `The change touches ${lines} lines in ${counted.length} files; this repository allows ${most}. Split it.`,
      },
    ];
  },
};
