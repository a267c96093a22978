import type {
  CheckVerdict,
  CriterionProof,
  Failure,
  Finding,
  ProofReport,
  Verdict,
} from '../domain/proof.ts';

/** Why a criterion is not proved. */
export function unprovedBecause({ id, test, base, head }: CriterionProof): string {
  if (head === 'absent') return `${id}: its test "${test}" is not in any report of the head.`;
  if (head === 'red') return `${id}: its test "${test}" fails on the head.`;
  if (base === 'green')
    return `${id}: its test "${test}" passes on the base too, so it does not show the change.`;
  return `${id}: its test "${test}" could not be seen to fail on the base.`;
}

/** Blocking findings, in the shape that goes back to the model. */
export function blocked(findings: readonly Finding[]): readonly Failure[] {
  return findings
    .filter(({ severity }) => severity === 'block')
    .map(({ gate, because, path, line }) => ({
      gate,
      message: because,
      ...(path === undefined ? {} : { at: line === undefined ? path : `${path}:${line}` }),
    }));
}

/** The verdict of the whole, and its reasons. */
export function conclude({
  checks,
  findings,
  criteria,
}: Pick<ProofReport, 'checks' | 'findings' | 'criteria'>): {
  readonly verdict: Verdict;
  readonly because: string;
} {
  const count = (wanted: CheckVerdict) => checks.filter(({ verdict }) => verdict === wanted);
  const blocking = findings.filter(({ severity }) => severity === 'block');
  const bad = [...count('tampered'), ...count('fail')];
  const names = (list: typeof checks) => list.map(({ name }) => `"${name}"`).join(', ');
  if (bad.length > 0 || blocking.length > 0) {
    const parts = [
      ...bad.map(
        ({ name, verdict, because }) =>
          `"${name}" ${verdict === 'tampered' ? 'was tampered with' : 'does not hold'}: ${because}`,
      ),
      ...blocking.map(({ because }) => because),
    ];
    return { verdict: 'fail', because: parts.join(' ') };
  }
  const unknown = count('unknown');
  if (unknown.length > 0) {
    return {
      verdict: 'unknown',
      because: `${names(unknown)} could not be judged: ${unknown.map(({ because }) => because).join(' ')}`,
    };
  }
  const proved =
    criteria.length === 0
      ? ''
      : ` All ${criteria.length} criteria are red on the base and green on the head.`;
  return { verdict: 'pass', because: `${names(checks)} ${checks.length === 1 ? 'holds' : 'hold'}.${proved}` };
}
