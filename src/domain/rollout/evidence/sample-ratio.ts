import betaln from '@stdlib/math-base-special-betaln';

/** Whether the cohorts have the sizes that the percentage says, by distinct users. */
export type SampleRatio = {
  /** Of finished stages. */
  readonly before: number;
  readonly exposed: number;
  readonly control: number;
  readonly percent: number;
  readonly logE: number;
};

/** Chance of holding a rollout whose cohorts have the sizes they should have. */
export const sampleRatioAlpha = 0.001;

/** How many users the prior is worth. */
const priorUnits = 100;

export function beginSampleRatio(percent: number): SampleRatio {
  return { before: 0, exposed: 0, control: 0, percent, logE: 0 };
}

/**
 * Counts distinct users, never requests. At another percentage the evidence so far is kept and counting begins anew,
 * because each stage has its own expected share.
 */
export function observeUnits(
  ratio: SampleRatio,
  units: { readonly exposed: number; readonly control: number },
  percent: number,
): SampleRatio {
  const base =
    percent === ratio.percent
      ? ratio
      : { before: ratio.logE, exposed: 0, control: 0, percent, logE: ratio.logE };
  const exposed = base.exposed + units.exposed;
  const control = base.control + units.control;
  return { ...base, exposed, control, logE: base.before + logBayesFactor(exposed, control, percent / 100) };
}

export function sampleRatioBroken(ratio: SampleRatio): boolean {
  return ratio.logE >= Math.log(1 / sampleRatioAlpha);
}

function logBayesFactor(exposed: number, control: number, share: number): number {
  if (share <= 0 || share >= 1) return 0;
  const shares = [share, 1 - share];
  return logDirichletFactor(
    [exposed, control],
    shares,
    shares.map((each) => priorUnits * each),
  );
}

/** Log of how much better units of several groups are explained by unknown shares, given their prior, than by `shares`. */
export function logDirichletFactor(
  counts: readonly number[],
  shares: readonly number[],
  prior: readonly number[],
): number {
  const posterior = prior.map((each, group) => each + (counts[group] ?? 0));
  const expected = shares.reduce((sum, share, group) => sum + (counts[group] ?? 0) * Math.log(share), 0);
  return lnBeta(posterior) - lnBeta(prior) - expected;
}

/** Of several arguments, from that of two. */
function lnBeta(values: readonly number[]): number {
  let sum = 0;
  let total = 0;
  for (const [index, value] of values.entries()) {
    if (index > 0) sum += betaln(total, value);
    total += value;
  }
  return sum;
}
