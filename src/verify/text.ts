import type { CheckVerdict, ProofReport } from '../domain/proof.ts';

const signs: Readonly<Record<CheckVerdict, string>> = { pass: '✔', fail: '✘', unknown: '?', tampered: '⚠' };
const most = 10;

/** A proof for a person at a terminal. */
export function proofText(report: ProofReport): string {
  const short = (commit: string) => commit.replace(/^([0-9a-f]{10})[0-9a-f]+/, '$1');
  const lines = [
    `${signs[report.verdict]} ${report.verdict.toUpperCase()}  ${short(report.base)} → ${short(report.head)}  (${(report.durationMs / 1000).toFixed(1)} s)`,
    '',
    'Checks',
    ...report.checks.flatMap((check) => [
      `  ${signs[check.verdict]} ${check.name}: ${check.because}`,
      ...shortened(check.tests.newlyFailing.map((id) => `      now fails: ${id}`)),
      ...shortened(check.tests.missing.map((id) => `      gone: ${id}`)),
    ]),
  ];
  if (report.criteria.length > 0) {
    lines.push('', 'Criteria (red on the base, green on the head)');
    for (const { id, test, base, head } of report.criteria) {
      lines.push(`  ${base === 'red' && head === 'green' ? '✔' : '✘'} ${id}: ${base} → ${head}  ${test}`);
    }
  }
  if (report.diffCoverage !== undefined)
    lines.push('', `Tests run ${report.diffCoverage} % of the added lines.`);
  const shown = { block: '✘', review: '!', note: '·' } as const;
  if (report.findings.length > 0) {
    lines.push('', 'Findings (✘ blocks, ! for the reviewer, · for the record)');
    for (const { severity, gate, because } of report.findings)
      lines.push(`  ${shown[severity]} ${gate}: ${because}`);
  }
  const failing = report.failures.filter((failure) => failure.test !== undefined);
  if (failing.length > 0) {
    lines.push('', 'Failures');
    for (const failure of failing.slice(0, most)) {
      lines.push(`  ${failure.test}${failure.at === undefined ? '' : `  (${failure.at})`}`);
      lines.push(
        ...failure.message
          .split('\n')
          .slice(0, 6)
          .map((line) => `      ${line}`),
      );
      if (failure.expected !== undefined) lines.push(`      expected ${failure.expected}`);
      if (failure.received !== undefined) lines.push(`      received ${failure.received}`);
      if (failure.excerpt !== undefined)
        lines.push(...failure.excerpt.split('\n').map((line) => `      ${line}`));
    }
    if (failing.length > most) lines.push(`  … and ${failing.length - most} more (--json lists them all)`);
  }
  return lines.join('\n');
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `      … and ${lines.length - most} more`];
}
