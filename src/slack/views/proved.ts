import type { Spec } from '../../domain/feature/spec.ts';
import type { AttemptProof, FeatureState } from '../../domain/feature/state.ts';
import { newestSpec } from '../../domain/feature/state.ts';
import type { CriterionProof } from '../../domain/proof.ts';

/** The spec that the code is written for. */
export function approvedSpec(state: FeatureState): Spec | undefined {
  const approved = state.specs.find(({ version }) => version === state.specApproval?.version);
  return (approved ?? newestSpec(state))?.spec;
}

/** Red without the change, green with it. */
export function isProved(criterion: CriterionProof): boolean {
  return criterion.base === 'red' && criterion.head === 'green';
}

/** "2 of 2 proved"; a criterion of the spec that nothing stands for counts as not proved. */
export function provedInWords(state: FeatureState, proof: AttemptProof): string {
  const ids = approvedSpec(state)?.criteria.map(({ id }) => id) ?? proof.criteria.map(({ id }) => id);
  const proved = ids.filter((id) => {
    const tests = proof.criteria.filter((criterion) => criterion.id === id);
    return tests.length > 0 && tests.every(isProved);
  });
  return `${proved.length} of ${ids.length} proved`;
}
