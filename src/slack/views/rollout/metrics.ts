import { limitOf } from '../../../domain/rollout/counting.ts';
import type { MetricEvidence } from '../../../domain/rollout/evidence/evidence.ts';
import type { Stratum } from '../../../domain/rollout/reading.ts';
import { odds, share, count as whole } from '../../../domain/rollout/say.ts';
import type { MetricSettings } from '../../../domain/rollout/settings.ts';
import type { Plan, RolloutState } from '../../../domain/rollout/state.ts';
import { lines, safe } from '../text.ts';
import { riseInWords } from './words.ts';

/** Each metric against its limit with its evidence, in as much room as there is. */
export function metricLines(state: RolloutState, max: number): string {
  const { plan } = state;
  if (!plan) return '';
  return lines(plan.metrics, {
    max,
    draw: (metric, room) => metricLine({ plan, metric, evidence: state.evidence[metric.name], room }),
  });
}

/** "✔ *orders that fail* 2.1 % vs 2.0 % · evidence of harm 1:3 of 1:125 · a rise of 50 % ruled out: 1:14 of 1:20". */
export function metricLine(about: {
  readonly plan: Plan;
  readonly metric: MetricSettings;
  readonly evidence: MetricEvidence | undefined;
  readonly room: number;
}): string {
  const { plan, metric, evidence, room } = about;
  const facts = evidence ? factsOf(plan, metric, evidence) : ['nothing counted yet'];
  const rest = facts.join(' · ');
  return `${signOf(plan, metric, evidence)} *${safe(metric.name, Math.max(12, room - rest.length - 6))}* ${rest}`;
}

function factsOf(plan: Plan, metric: MetricSettings, evidence: MetricEvidence): readonly string[] {
  const counts = countsOf(metric, evidence);
  if (evidence.last === 'no-data' || evidence.last === 'provider-down')
    return [safe(evidence.lastBecause ?? 'the newest tick held nothing', 110), counts];
  const harm = harmInWords(evidence, limitOf(plan, metric));
  switch (metric.kind) {
    case 'guardrail':
      return [counts, harm, safetyInWords(plan, evidence)];
    case 'tripwire':
    case 'signal':
      return [counts, harm];
    case 'success':
      return [counts];
  }
}

function harmInWords({ harm }: MetricEvidence, limit: number): string {
  return harm.logE < Math.log(1.05)
    ? `no evidence of harm (1:${whole(limit)} halts)`
    : `evidence of harm ${shortOdds(harm.logE)} of 1:${whole(limit)}`;
}

function safetyInWords(plan: Plan, { safety, floor }: MetricEvidence): string {
  const rise = riseInWords(Math.max(safety.tolerance, (floor ?? 1) - 1));
  if (safety.logS >= Math.log(1 / plan.beta)) return `${rise} is ruled out`;
  if (safety.logS < Math.log(1.05)) return `${rise} not ruled out yet`;
  return `${rise} ruled out: ${shortOdds(safety.logS)} of 1:${whole(1 / plan.beta)}`;
}

function shortOdds(logE: number): string {
  return logE > Math.log(1e6) ? 'over 1:1,000,000' : odds(logE);
}

function signOf(plan: Plan, metric: MetricSettings, evidence: MetricEvidence | undefined): string {
  if (!evidence || evidence.last === 'none') return '○';
  if (metric.kind === 'success') return '•';
  if (evidence.harm.logE >= Math.log(limitOf(plan, metric))) return '✖';
  if (evidence.last !== 'counted') return '⚠';
  if (metric.kind !== 'guardrail') return '✔';
  return evidence.safety.logS >= Math.log(1 / plan.beta) ? '✔' : '◌';
}

/** "2.1 % vs 2.0 %" of the boundary that rose most. */
export function countsOf(metric: MetricSettings, evidence: MetricEvidence): string {
  const worst = evidence.stage.reduce<{ index: number; rise: number }>(
    (most, stratum, index) => (riseOf(stratum) > most.rise ? { index, rise: riseOf(stratum) } : most),
    { index: 0, rise: Number.NEGATIVE_INFINITY },
  ).index;
  const stratum = evidence.stage[worst];
  if (!stratum || stratum.exposed.n + stratum.control.n === 0) return 'nothing counted yet';
  const { exposed, control } = stratum;
  const { source } = metric;
  if (source.type === 'gauge') return `${mean(exposed)} vs ${mean(control)}`;
  const slow = source.type === 'latency' ? ` slower than ${source.boundaries[worst] ?? '?'} s` : '';
  if (metric.kind === 'tripwire') return `${part(exposed)}${slow}, at most ${share(metric.limit ?? 1)}`;
  const other = metric.compareWith === 'history' ? ' in past weeks' : '';
  return `${part(exposed)} vs ${part(control)}${other}${slow}`;
}

function part({ n, bad }: Stratum['exposed']): string {
  return n === 0 ? '–' : share(bad / n);
}

function mean({ n, bad }: Stratum['exposed']): string {
  return n === 0 ? '–' : String(Number((bad / n).toPrecision(3)));
}

function riseOf({ exposed, control }: Stratum): number {
  const rate = ({ n, bad }: Stratum['exposed']) => (n === 0 ? 0 : bad / n);
  return rate(control) === 0 ? rate(exposed) : rate(exposed) / rate(control);
}

/** "12,410 requests with the feature, 235,000 without": the largest sample of a guardrail in this stage. */
export function sampleOf(state: RolloutState): string | undefined {
  const [largest] = (state.plan?.metrics ?? [])
    .filter(({ source }) => source.type !== 'gauge')
    .flatMap(({ name }) => state.evidence[name]?.stage[0] ?? [])
    .toSorted((one, other) => other.exposed.n - one.exposed.n);
  if (!largest || largest.exposed.n + largest.control.n === 0) return undefined;
  return `${whole(largest.exposed.n)} events with the feature, ${whole(largest.control.n)} without`;
}
