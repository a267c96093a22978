import { GiveUp } from '../../errors.ts';
import type { Events, Grown } from './count.ts';

/** All events of a histogram, and the good ones within a boundary. Applications write "0.1", "0.10" or "1e-1", so boundaries are compared as numbers. */
export function slowerThan(buckets: readonly Grown[], boundary: number): Events {
  const of = (wanted: number) => buckets.filter(({ labels }) => boundaryOf(labels.le) === wanted);
  const [total, good] = [of(Number.POSITIVE_INFINITY), of(boundary)];
  if (total.length > 0 && good.length > 0) return { total, good };
  const existing = [...new Set(buckets.map(({ labels }) => boundaryOf(labels.le)))]
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b);
  throw new GiveUp(
    existing.length === 0
      ? 'The selector of the latency has no boundaries (label "le"). It must name the _bucket series of a histogram.'
      : `The histogram has no boundary ${boundary}. It has ${existing.join(', ')}: write some of these into the rollout settings.`,
  );
}

function boundaryOf(le: string | undefined): number {
  if (le === '+Inf' || le === 'Inf') return Number.POSITIVE_INFINITY;
  return le === undefined || le === '' ? Number.NaN : Number(le);
}
