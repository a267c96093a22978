import {
  averageLogE,
  type Bounds,
  beginEvidence,
  enterStage,
  type MetricEvidence,
  observe,
  restartHour,
  toleranceFor,
} from '../../domain/rollout/evidence/evidence.ts';
import type { TickLine } from './tick-file.ts';

export type ReplayedTick = {
  readonly at: string;
  readonly metrics: Readonly<Record<string, { readonly logE: number; readonly logS: number }>>;
  readonly verdict: 'safe' | 'harm' | 'undecided' | 'no-data';
};

export type Replayed = {
  readonly ticks: readonly ReplayedTick[];
  readonly decision: 'halt' | 'advance' | 'hold';
};

type Options = {
  readonly alpha: number;
  readonly beta: number;
  readonly rho0: number;
  readonly phi: number;
  readonly restarts: boolean;
};

type Watched = { readonly stage: number; readonly evidence: MetricEvidence };

const hour = 3_600_000;

/** Recorded ticks, sorted by time, through the evidence of the product. */
export function replay(lines: readonly TickLine[], options: Options): Replayed {
  const bounds = boundsOf(lines, options);
  const watched = new Map<string, Watched | undefined>(lines.map(({ metric }) => [metric, undefined]));
  const ticks: ReplayedTick[] = [];
  const began = lines[0]?.time ?? 0;
  let hours = 0;
  for (const rows of ticksOf(lines)) {
    const [first] = rows;
    if (first === undefined) continue;
    for (; hours < Math.floor((first.time - began) / hour); hours++)
      for (const [name, each] of watched)
        if (each !== undefined) watched.set(name, { ...each, evidence: restartHour(each.evidence) });
    for (const row of rows)
      watched.set(row.metric, afterRow(watched.get(row.metric), row, { bounds, phi: options.phi }));
    ticks.push({
      at: first.at,
      metrics: metricsOf(watched),
      verdict: verdictOf([...watched.values()], rows, bounds),
    });
  }
  return { ticks, decision: decisionOf(ticks) };
}

function boundsOf(lines: readonly TickLine[], options: Options): Bounds {
  const span = (lines.at(-1)?.time ?? 0) - (lines[0]?.time ?? 0);
  const stages = new Set(lines.map(({ stage }) => stage)).size;
  return { ...options, hours: Math.max(24, Math.ceil(span / hour)), stages: stages - 1 };
}

function ticksOf(lines: readonly TickLine[]): readonly (readonly TickLine[])[] {
  const ticks: TickLine[][] = [];
  for (const line of lines) {
    const open = ticks.at(-1);
    if (open?.[0]?.time === line.time) open.push(line);
    else ticks.push([line]);
  }
  return ticks;
}

function afterRow(
  before: Watched | undefined,
  row: TickLine,
  { bounds, phi }: { readonly bounds: Bounds; readonly phi: number },
): Watched {
  const tolerance = toleranceFor(row.stage);
  const entered = () => {
    if (before === undefined)
      return beginEvidence({ strata: 1, bounds, tolerance, phi: { phi, because: 'given' } });
    return before.stage === row.stage ? before.evidence : enterStage(before.evidence, { tolerance });
  };
  const strata = [{ exposed: row.exposed, control: row.control }];
  return {
    stage: row.stage,
    evidence: observe(entered(), { kind: 'counts', strata }, { bounds, kind: 'guardrail' }),
  };
}

function metricsOf(watched: ReadonlyMap<string, Watched | undefined>): ReplayedTick['metrics'] {
  return Object.fromEntries(
    [...watched].map(([name, each]) => [
      name,
      { logE: each?.evidence.harm.logE ?? 0, logS: each?.evidence.safety.logS ?? 0 },
    ]),
  );
}

/** Proved harm stands, whatever the newest tick holds. Proof of safety from another stage than this tick's is none. */
function verdictOf(
  watched: readonly (Watched | undefined)[],
  rows: readonly TickLine[],
  { alpha, beta }: Bounds,
): ReplayedTick['verdict'] {
  const logE = averageLogE(watched.map((each) => ({ weight: 1, logE: each?.evidence.harm.logE ?? 0 })));
  if (logE >= Math.log(1 / alpha)) return 'harm';
  if (rows.every(({ exposed, control }) => exposed.n + control.n === 0)) return 'no-data';
  const present = new Set(rows.map(({ stage }) => stage));
  const isSafe = (each: Watched | undefined) =>
    each !== undefined && present.has(each.stage) && each.evidence.safety.logS >= Math.log(1 / beta);
  return watched.every(isSafe) ? 'safe' : 'undecided';
}

function decisionOf(ticks: readonly ReplayedTick[]): Replayed['decision'] {
  if (ticks.some(({ verdict }) => verdict === 'harm')) return 'halt';
  return ticks.at(-1)?.verdict === 'safe' ? 'advance' : 'hold';
}
