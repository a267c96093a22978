import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import {
  type Bounds,
  beginEvidence,
  enterStage,
  observe,
  restartHour,
} from '../../domain/rollout/evidence/evidence.ts';
import { minutesOf, type Traffic } from './traffic.ts';

export type Simulation = {
  readonly traffic: Traffic;
  /** Rate ratio of the exposed from minute `from` on. */
  readonly harm: number;
  readonly from: number;
  readonly hours: number;
  readonly runs: number;
  readonly seed: number;
  readonly stages: readonly { readonly percent: number; readonly tolerance: number }[];
  /** Stages follow the evidence instead of the clock. */
  readonly advanceOnProof: boolean;
  readonly minSoakMinutes: number;
  readonly bounds: Bounds;
  readonly phi: number;
};

export type SimulationResult = {
  readonly runs: number;
  readonly falseHalts: number;
  readonly halted: number;
  readonly wrongAdvances: number;
  readonly delayMinutes: { readonly p50: number | null; readonly p90: number | null };
  readonly minutesToSafe: Readonly<Record<string, number | null>>;
};

/** Many rollouts with known truth through the evidence of the product. The same seed gives the same answer. */
export function simulate(simulation: Simulation): SimulationResult {
  const random = xoroshiro128plus(simulation.seed);
  const runs: Run[] = [];
  for (let index = 0; index < simulation.runs; index++) {
    runs.push(runOnce(simulation, random.clone()));
    random.jump();
  }
  return summarise(simulation, runs);
}

type StageOutcome = {
  readonly index: number;
  /** Minutes after its first one; absent when it was never proved safe. */
  readonly safeAfter?: number;
  /** It was still undecided in a minute in which the truth was at its tolerance or worse. */
  readonly harmful: boolean;
  readonly wrong: boolean;
};

type Run = {
  /** The minute whose tick halted. */ readonly haltedAt?: number;
  readonly stages: readonly StageOutcome[];
};

function runOnce(simulation: Simulation, random: RandomGenerator): Run {
  const { bounds, stages, phi, hours } = simulation;
  const minutes = Math.round(hours * 60);
  const draw = minutesOf(simulation.traffic, random);
  const haltBound = Math.log(1 / bounds.alpha);
  const safeBound = Math.log(1 / bounds.beta);
  const context = { bounds, kind: 'guardrail' } as const;
  const outcomes: StageOutcome[] = [];
  let index = 0;
  let stage = stages[0];
  let began = 0;
  let safeAfter: number | undefined;
  let harmful = false;
  let wrong = false;
  if (stage === undefined) return { stages: [] };
  let evidence = beginEvidence({
    strata: 1,
    bounds,
    tolerance: stage.tolerance,
    phi: { phi, because: 'given' },
  });
  const close = () =>
    outcomes.push({ index, harmful, wrong, ...(safeAfter === undefined ? {} : { safeAfter }) });
  for (let minute = 0; minute < minutes; minute++) {
    const wanted = simulation.advanceOnProof
      ? index + (safeAfter === undefined ? 0 : 1)
      : Math.floor((minute * stages.length) / minutes);
    const next = stages[wanted];
    if (wanted !== index && next !== undefined) {
      close();
      [index, stage, began, safeAfter, harmful, wrong] = [wanted, next, minute, undefined, false, false];
      evidence = enterStage(evidence, stage);
    } else if (minute > 0 && minute % 60 === 0) evidence = restartHour(evidence);
    const ratio = minute >= simulation.from ? simulation.harm : 1;
    const stratum = draw(minute, stage.percent, ratio);
    evidence = observe(evidence, { kind: 'counts', strata: [stratum] }, context);
    if (evidence.harm.logE >= haltBound) {
      close();
      return { haltedAt: minute, stages: outcomes };
    }
    if (safeAfter !== undefined) continue;
    const isHarmful = ratio >= 1 + stage.tolerance;
    harmful ||= isHarmful;
    const soaked = !simulation.advanceOnProof || minute - began >= simulation.minSoakMinutes;
    if (soaked && evidence.safety.logS >= safeBound) {
      safeAfter = minute - began;
      wrong = isHarmful;
    }
  }
  close();
  return { stages: outcomes };
}

function summarise({ harm, from, bounds, stages }: Simulation, runs: readonly Run[]): SimulationResult {
  const isFalse = (haltedAt: number) => harm <= bounds.rho0 || haltedAt < from;
  const halts = runs.flatMap(({ haltedAt }) => (haltedAt === undefined ? [] : [haltedAt]));
  const exposedToHarm = runs.filter(({ haltedAt }) => haltedAt === undefined || haltedAt >= from);
  const delays =
    harm <= bounds.rho0 ? [] : exposedToHarm.map(({ haltedAt }) => (haltedAt ?? Infinity) - from);
  const outcomes = runs.flatMap((run) => run.stages);
  const harmful = outcomes.filter((outcome) => outcome.harmful).length;
  return {
    runs: runs.length,
    falseHalts: share(halts.filter(isFalse).length, runs.length),
    halted: share(halts.length, runs.length),
    wrongAdvances: share(outcomes.filter(({ wrong }) => wrong).length, harmful),
    delayMinutes: { p50: quantile(delays, 0.5), p90: quantile(delays, 0.9) },
    minutesToSafe: Object.fromEntries(
      stages.map(({ percent }, index) => {
        const reached = outcomes.filter((outcome) => outcome.index === index);
        return [
          String(percent),
          quantile(
            reached.map(({ safeAfter }) => safeAfter ?? Infinity),
            0.5,
          ),
        ];
      }),
    ),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** What never happened counts as later than everything; null when that is where the quantile lies. */
function quantile(values: readonly number[], at: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(sorted.length * at) - 1)];
  return found === undefined || !Number.isFinite(found) ? null : found;
}
