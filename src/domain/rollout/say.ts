import type { MetricEvidence } from './evidence/evidence.ts';
import type { Counts } from './reading.ts';
import type { MetricSettings } from './settings.ts';
import type { HoldReason, VerdictName } from './state.ts';

const numbers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Whole numbers as people write them: 1,230. */
export function count(value: number): string {
  return numbers.format(value);
}

export function share(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(3))} %`;
}

/** Evidence as odds, from its natural logarithm: "1:2,300". */
export function odds(logE: number): string {
  if (logE > Math.log(1e9)) return 'more than 1:1,000,000,000';
  const value = Math.exp(logE);
  return `1:${value >= 10 ? count(value) : Number(value.toPrecision(2))}`;
}

/** "3 min", "1 h 20 min", "40 s". */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.max(0, Number(seconds.toFixed(1)))} s`;
  if (seconds < 120) return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`;
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${minutes} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** "Sat 14:05 UTC": a time in a sentence. */
export function clock(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

/** A sentence ends. It keeps its beginning: that may be the name of a flag or a metric. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

const verdictWords: Readonly<Record<VerdictName, string>> = {
  safe: 'Safe',
  harm: 'Harm',
  undecided: 'Undecided',
  'no-data': 'No data',
  'provider-down': 'The metrics do not answer',
};

const holdWords: Readonly<Record<HoldReason, string>> = {
  person: 'a person holds it',
  'max-soak': 'the longest stay is over without proof',
  drift: 'somebody else changed the flag',
  'sample-ratio': 'the cohorts have the wrong sizes',
  harm: 'harm is proved',
  signal: 'a signal is worse',
  'no-data': 'there is no data',
  'provider-down': 'the metrics do not answer',
  'flag-service': 'the flag service does not answer or refuses the change',
  freeze: 'a freeze',
  dependency: 'a flag it depends on',
  'other-rollout': 'another rollout',
};

/** Why it is held, in a few words: "the metrics do not answer". */
export function holdInWords(reason: HoldReason): string {
  return holdWords[reason];
}

/** What a tick found, in one sentence. */
export function verdictSentence(verdict: VerdictName, because: string): string {
  return sentence(`${verdictWords[verdict]}: ${because}`);
}

/** What was counted of a metric since the stage began, and how strong its evidence of harm is. */
export function metricSentence(metric: MetricSettings, evidence: MetricEvidence, limit: number): string {
  return `${metric.name}: ${countsOf(metric, evidence)}; evidence of harm ${odds(evidence.harm.logE)}, limit 1:${count(limit)}`;
}

function countsOf(metric: MetricSettings, evidence: MetricEvidence): string {
  const { source } = metric;
  const strata = evidence.stage;
  const worst = strata.reduce(
    (high, stratum, index) => (rise(stratum) > rise(strata[high]) ? index : high),
    0,
  );
  const stratum = strata[worst];
  if (stratum === undefined || stratum.exposed.n + stratum.control.n === 0) return 'nothing counted yet';
  const { exposed, control } = stratum;
  if (source.type === 'gauge')
    return `${mean(exposed)} exposed against ${mean(control)} not exposed on average`;
  const slow = source.type === 'latency' ? ` slower than ${source.boundaries[worst] ?? '?'} s` : '';
  if (metric.kind === 'tripwire')
    return `${part(exposed)}${slow} exposed, ${share(metric.limit ?? 1)} allowed`;
  if (metric.compareWith === 'history')
    return `${part(exposed)}${slow} exposed against ${share(rate(control))} in past weeks`;
  return `${part(exposed)}${slow} exposed against ${part(control)} not exposed`;
}

function part(counts: Counts): string {
  return `${count(counts.bad)} of ${count(counts.n)} (${share(rate(counts))})`;
}

function rate({ n, bad }: Counts): number {
  return n === 0 ? 0 : bad / n;
}

function mean({ n, bad }: Counts): string {
  return n === 0 ? '-' : String(Number((bad / n).toPrecision(3)));
}

function rise(stratum: MetricEvidence['stage'][number] | undefined): number {
  if (stratum === undefined) return 0;
  return rate(stratum.exposed) / Math.max(rate(stratum.control), 1e-9);
}
