import type { Counts, Reading, Stratum } from '../reading.ts';
import type { MetricSettings } from '../settings.ts';
import type { Bounds, MetricEvidence } from './evidence.ts';
import type { Trial } from './factor.ts';
import { addGauge, gaugeEvidence, noGaugeSums } from './gauge.ts';
import { addToHarm, withLogE } from './harm.ts';
import { historicBase } from './historic.ts';
import { addToSafety } from './safety.ts';

const empty: Counts = { n: 0, bad: 0 };

type ObserveContext = {
  readonly bounds: Bounds;
  readonly kind: MetricSettings['kind'];
  /** Of a tripwire: the share of bad events that must not be passed. */
  readonly limit?: number;
};

/** Adds one tick of one metric. */
export function observe(evidence: MetricEvidence, reading: Reading, context: ObserveContext): MetricEvidence {
  switch (reading.kind) {
    case 'no-data':
    case 'provider-down':
      return { ...evidence, last: reading.kind, lastBecause: reading.because };
    case 'gauge':
      return observeGauge(evidence, reading, context.bounds);
    case 'historic':
      // A limit is the same whatever past weeks were like.
      return context.kind === 'tripwire'
        ? observeCounts(evidence, [{ exposed: limited(reading.now), control: empty }], context)
        : observeHistoric(evidence, reading, context.bounds);
    case 'counts':
      return observeCounts(evidence, reading.strata.map(limitedBoth), context);
  }
}

function observeCounts(
  evidence: MetricEvidence,
  strata: readonly Stratum[],
  { bounds, kind, limit }: ObserveContext,
): MetricEvidence {
  if (strata.every(({ exposed, control }) => exposed.n + control.n === 0))
    return withoutData(evidence, 'no requests were counted in either cohort');
  const { harm, safety, phi } = evidence;
  const stage = evidence.stage.map((sum, index) => added(sum, strata[index]));
  if (kind === 'tripwire') {
    const trials = strata.map(({ exposed }) => knownTrial(exposed.bad, exposed.n * (limit ?? 1), 1));
    return { ...counted(evidence), stage, harm: addToHarm(harm, trials, { phi }) };
  }
  const trialsFrom = (from: number) => strata.map((stratum): Trial => ({ kind: 'binomial', stratum, from }));
  return {
    ...counted(evidence),
    stage,
    harm: addToHarm(harm, trialsFrom(bounds.rho0), { phi }),
    safety: addToSafety(safety, trialsFrom(1 + safety.tolerance), { phi }),
  };
}

/** Half of alpha went into the floor, so the evidence beyond it is worth half. */
function observeHistoric(
  evidence: MetricEvidence,
  { now, past }: { readonly now: Counts; readonly past: readonly Counts[] },
  bounds: Bounds,
): MetricEvidence {
  const base = historicBase(past, bounds.alpha);
  if (base === undefined) return withoutData(evidence, 'fewer than two past weeks have data for this hour');
  if (now.n === 0) return withoutData(evidence, 'no requests were counted');
  const { harm, safety, phi } = evidence;
  const seen = limited(now);
  const expected = seen.n * base.share;
  const control = { n: seen.n, bad: expected };
  return {
    ...counted(evidence),
    stage: evidence.stage.map((sum, index) => (index === 0 ? added(sum, { exposed: seen, control }) : sum)),
    floor: base.floor,
    harm: addToHarm(harm, [knownTrial(seen.bad, expected, Math.max(base.floor, bounds.rho0))], {
      phi,
      charge: Math.LN2,
    }),
    safety: addToSafety(
      safety,
      [knownTrial(seen.bad, expected, Math.max(base.floor, 1 + safety.tolerance))],
      { phi },
    ),
  };
}

function observeGauge(
  evidence: MetricEvidence,
  seen: { readonly exposed: number; readonly control: number },
  bounds: Bounds,
): MetricEvidence {
  if (!Number.isFinite(seen.exposed) || !Number.isFinite(seen.control))
    return withoutData(evidence, 'the gauge had no number for one of the cohorts');
  const { tolerance } = evidence.safety;
  const gauge = addGauge(evidence.gauge ?? noGaugeSums, seen, { rho0: bounds.rho0, tolerance });
  const { logE, logS } = gaugeEvidence(gauge, bounds);
  const values = { exposed: { n: 1, bad: seen.exposed }, control: { n: 1, bad: seen.control } };
  return {
    ...counted(evidence),
    stage: evidence.stage.map((sum, index) => (index === 0 ? added(sum, values) : sum)),
    gauge,
    harm: withLogE(evidence.harm, logE),
    safety: { ...evidence.safety, logS },
  };
}

function knownTrial(bad: number, expected: number, from: number): Trial {
  return { kind: 'known', bad, expected, from };
}

function withoutData(evidence: MetricEvidence, because: string): MetricEvidence {
  return { ...evidence, last: 'no-data', lastBecause: because };
}

function counted(evidence: MetricEvidence): MetricEvidence {
  const { lastBecause: _, ...kept } = evidence;
  return { ...kept, last: 'counted' };
}

function added(sum: Stratum, more: Stratum | undefined): Stratum {
  if (more === undefined) return sum;
  return { exposed: plus(sum.exposed, more.exposed), control: plus(sum.control, more.control) };
}

function plus(a: Counts, b: Counts): Counts {
  return { n: a.n + b.n, bad: a.bad + b.bad };
}

/** More bad events than events is a fault of the counting; evidence must not come from it. */
function limited({ n, bad }: Counts): Counts {
  return bad <= n ? { n, bad } : { n, bad: n };
}

function limitedBoth({ exposed, control }: Stratum): Stratum {
  return { exposed: limited(exposed), control: limited(control) };
}
