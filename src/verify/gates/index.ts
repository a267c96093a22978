import type { Finding } from '../../domain/proof.ts';
import { coverage } from './diff-coverage.ts';
import { forcedExit } from './forced-exit.ts';
import type { ChangeFacts, Gate } from './gate.ts';
import { judgesChanged } from './judges-changed.ts';
import { protectedFiles } from './protected-files.ts';
import { secrets } from './secrets.ts';
import { size } from './size.ts';
import { syntax } from './syntax.ts';

/** Every gate that looks at the change itself, in the order of the report. To add one: a file, and its name here. */
export const gates: readonly Gate[] = [
  syntax,
  size,
  protectedFiles,
  secrets,
  coverage,
  judgesChanged,
  forcedExit,
];

export async function lookAll(facts: ChangeFacts): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const gate of gates) {
    for (const finding of await gate.look(facts)) findings.push({ gate: gate.name, ...finding });
  }
  return findings;
}
