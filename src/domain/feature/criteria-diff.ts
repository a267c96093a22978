import type { Criterion } from './spec.ts';

export type CriterionChange =
  | { readonly kind: 'added'; readonly id: string; readonly text: string }
  | { readonly kind: 'removed'; readonly id: string; readonly text: string }
  | { readonly kind: 'changed'; readonly id: string; readonly before: string; readonly text: string };

/** What changed between two versions of a spec, criterion by criterion: an id is kept for ever, so it is what is compared. */
export function criteriaDiff(
  before: readonly Criterion[],
  after: readonly Criterion[],
): readonly CriterionChange[] {
  const old = new Map(before.map(({ id, text }) => [id, text]));
  const kept = new Set(after.map(({ id }) => id));
  const present = after.flatMap(({ id, text }): CriterionChange[] => {
    const earlier = old.get(id);
    if (earlier === undefined) return [{ kind: 'added', id, text }];
    return earlier === text ? [] : [{ kind: 'changed', id, before: earlier, text }];
  });
  const removed = before
    .filter(({ id }) => !kept.has(id))
    .map(({ id, text }): CriterionChange => ({ kind: 'removed', id, text }));
  return [...present, ...removed];
}
