import type { MetricSettings } from '../settings.ts';
import type { VerdictName } from '../state.ts';
import type { Bounds, MetricEvidence } from './evidence.ts';
import { logSumExp } from './factor.ts';

/** How the chance of a false halt of the whole rollout is shared out. Bounds hold the part of the guardrails. */
export function budget(alpha: number): {
  readonly guardrails: number;
  readonly tripwires: number;
  readonly sampleRatio: number;
} {
  return { guardrails: 0.8 * alpha, tripwires: 0.1 * alpha, sampleRatio: 0.1 * alpha };
}

const tripwirePart = budget(1).tripwires / budget(1).guardrails;

export type Judged = {
  readonly name: string;
  readonly kind: MetricSettings['kind'];
  readonly weight: number;
  readonly evidence: MetricEvidence;
};

export type Judgement = {
  readonly verdict: VerdictName;
  readonly because: string;
  /** Metrics whose harm is proved: guardrails and tripwires. */
  readonly harmful: readonly string[];
  /** Signals that are proved worse: they hold, they do not halt. */
  readonly signals: readonly string[];
  /** Log of the weighted average of the guardrails' evidence of harm. */
  readonly logE: number;
  /** What keeps the stage from being safe, by metric. */
  readonly missing: readonly { readonly metric: string; readonly because: string }[];
};

/**
 * Harm is proved on the average over the guardrails, which is evidence however they depend on each other; safety must
 * be proved for each of them. Proved harm stands even when the newest tick holds nothing.
 */
export function judge(metrics: readonly Judged[], bounds: Bounds): Judgement {
  const guardrails = ofKind(metrics, 'guardrail');
  const tripped = crossed(ofKind(metrics, 'tripwire'), bounds.alpha * tripwirePart);
  const harmed = crossed(guardrails, bounds.alpha);
  const missing = guardrails.flatMap((metric) => missingOf(metric, bounds));
  const common = {
    harmful: [...harmed, ...tripped],
    signals: crossed(ofKind(metrics, 'signal'), bounds.alpha),
    logE: averageOf(guardrails),
    missing,
  };
  if (common.harmful.length > 0)
    return { ...common, verdict: 'harm', because: harmSentence(metrics, common.harmful, bounds) };
  const down = guardrails.find(({ evidence }) => evidence.last === 'provider-down');
  if (down !== undefined) return { ...common, verdict: 'provider-down', because: withoutSentence(down) };
  const without = guardrails.find(({ evidence }) => evidence.last !== 'counted');
  if (without !== undefined) return { ...common, verdict: 'no-data', because: withoutSentence(without) };
  const first = missing[0];
  if (first !== undefined)
    return { ...common, verdict: 'undecided', because: `${first.metric}: ${first.because}` };
  if (guardrails.length === 0)
    return {
      ...common,
      verdict: 'undecided',
      because: 'there is no guardrail, so nothing can be proved safe',
    };
  return { ...common, verdict: 'safe', because: safeSentence(guardrails, bounds) };
}

/** Log of the weighted average of e-values, which is an e-value under any dependence. */
export function averageLogE(metrics: readonly { readonly weight: number; readonly logE: number }[]): number {
  if (metrics.length === 0) return 0;
  const weights = metrics.reduce((sum, { weight }) => sum + weight, 0);
  return logSumExp(metrics.map(({ weight, logE }) => Math.log(weight / weights) + logE));
}

function averageOf(metrics: readonly Judged[]): number {
  return averageLogE(metrics.map(({ weight, evidence }) => ({ weight, logE: evidence.harm.logE })));
}

/** Names of those that carry it, when the average of a kind reaches its bound; the largest always does. */
function crossed(metrics: readonly Judged[], alpha: number): readonly string[] {
  const bound = Math.log(1 / alpha);
  if (metrics.length === 0 || averageOf(metrics) < bound) return [];
  return metrics.filter(({ evidence }) => evidence.harm.logE >= bound).map(({ name }) => name);
}

function ofKind(metrics: readonly Judged[], kind: Judged['kind']): readonly Judged[] {
  return metrics.filter((metric) => metric.kind === kind);
}

function missingOf({ name, evidence }: Judged, { beta }: Bounds) {
  if (evidence.last !== 'counted')
    return [{ metric: name, because: evidence.lastBecause ?? 'nothing has been counted in this stage yet' }];
  if (evidence.safety.logS >= Math.log(1 / beta)) return [];
  const odds = oddsOf(evidence.safety.logS);
  return [
    {
      metric: name,
      because: `a rise of ${percentOf(ruledOut(evidence))} is not ruled out yet (evidence ${odds}, ${Math.round(1 / beta)} is needed)`,
    },
  ];
}

function harmSentence(metrics: readonly Judged[], harmful: readonly string[], bounds: Bounds): string {
  const parts = metrics
    .filter(({ name }) => harmful.includes(name))
    .map(({ name, kind, evidence }) => {
      const needed = Math.round(1 / (kind === 'tripwire' ? bounds.alpha * tripwirePart : bounds.alpha));
      return `${name} is worse (evidence ${oddsOf(evidence.harm.logE)}, ${needed} is enough)`;
    });
  return parts.join('; ');
}

function safeSentence(guardrails: readonly Judged[], { beta }: Bounds): string {
  const parts = guardrails.map(
    ({ name, evidence }) =>
      `${name} rules out a rise of ${percentOf(ruledOut(evidence))} (evidence ${oddsOf(evidence.safety.logS)})`,
  );
  return `${parts.join('; ')}; ${Math.round(1 / beta)} is enough`;
}

function withoutSentence({ name, evidence }: Judged): string {
  return `${name}: ${evidence.lastBecause ?? 'nothing has been counted in this stage yet'}`;
}

/** Without a control cohort nothing below the detection floor is ruled out. */
function ruledOut({ safety, floor }: MetricEvidence): number {
  return Math.max(safety.tolerance, (floor ?? 1) - 1);
}

function percentOf(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(3))} %`;
}

function oddsOf(logE: number): string {
  if (logE > Math.log(1e6)) return 'over 1,000,000';
  const odds = Math.exp(logE);
  return odds >= 100 ? String(Math.round(odds)) : String(Number(odds.toPrecision(2)));
}
