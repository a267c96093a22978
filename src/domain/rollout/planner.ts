import type { Bounds } from './evidence/evidence.ts';
import { minutesToSafe } from './evidence/time-to-safe.ts';
import { usualTolerances } from './settings.ts';
import type { Stage } from './state.ts';

/** What can be said before the start about one stage at the present traffic. */
export type StageForecast = {
  readonly percent: number;
  readonly tolerance: number;
  /** Expected minutes until a harmless change is proved safe, minimum soak included; null when not within the longest soak. */
  readonly minutesToSafe: number | null;
  /** Expected bad events of the exposed until then. */
  readonly expectedEvents: number | null;
  /** "at 1 % this needs 55 min", "at 1 % a rise of 20 % cannot be ruled out within 12 h at this traffic". */
  readonly because: string;
  /** What cannot be proved in it though the stage may pass: "at 1 % a rise of 10 % cannot be ruled out within 24 h". */
  readonly cannot?: string;
};

export type Forecast = {
  /** Events a minute and their share of bad ones, as measured before the start; undefined without data. */
  readonly traffic: Readonly<
    Record<string, { readonly perMinute: number; readonly badShare: number } | undefined>
  >;
  readonly stages: readonly StageForecast[];
};

export type ForecastOptions = {
  readonly stages: readonly Stage[];
  /** Of each guardrail: events of both cohorts together. */
  readonly traffic: Forecast['traffic'];
  readonly bounds: Pick<Bounds, 'beta'>;
  /** Over-dispersion of the bad events. */
  readonly phi?: number;
  /** How far the quietest minute of a day lies below its mean; each stage is then taken to begin in it. */
  readonly swing?: number;
};

/** Says before the start how long each stage will need, and what cannot be proved in it. */
export function forecast(options: ForecastOptions): Forecast {
  const obstacle = trafficProblem(options.traffic);
  return {
    traffic: options.traffic,
    stages: options.stages.map((stage) => forecastStage(stage, options, obstacle)),
  };
}

/** Every sentence about what cannot be proved. */
export function cannotBeProved({ stages }: Forecast): readonly string[] {
  return stages.flatMap(({ minutesToSafe: minutes, because, cannot }) => [
    ...(minutes === null ? [because] : []),
    ...(cannot === undefined ? [] : [cannot]),
  ]);
}

function forecastStage(stage: Stage, options: ForecastOptions, obstacle: string | undefined): StageForecast {
  const { percent, tolerance, minSoakMinutes, maxSoakMinutes } = stage;
  const problem = percent >= 100 ? 'nobody is left to compare with' : obstacle;
  if (problem !== undefined) return unprovable(stage, `at ${percent} % nothing can be proved: ${problem}`);
  const slowest = slowestOf(stage, tolerance, options);
  if (slowest === undefined) return unprovable(stage, notRuledOut(stage, tolerance));
  const minutes = Math.max(minSoakMinutes, slowest.minutes);
  const metric = Object.keys(options.traffic).length > 1 ? ` for ${slowest.metric}` : '';
  const soak =
    minSoakMinutes > slowest.minutes
      ? `, its shortest soak (the proof needs ${timeOf(slowest.minutes)})`
      : '';
  const stricter = Object.values(usualTolerances)
    .filter((each) => each < tolerance)
    .sort((a, b) => b - a)
    .find((each) => slowestOf({ ...stage, maxSoakMinutes }, each, options) === undefined);
  return {
    percent,
    tolerance,
    minutesToSafe: rounded(minutes),
    expectedEvents: rounded((slowest.eventsUntil(minutes) * percent) / 100),
    because: `at ${percent} % this needs ${timeOf(minutes)}${metric}${soak}`,
    ...(stricter === undefined ? {} : { cannot: notRuledOut(stage, stricter) }),
  };
}

function unprovable({ percent, tolerance }: Stage, because: string): StageForecast {
  return { percent, tolerance, minutesToSafe: null, expectedEvents: null, because };
}

function notRuledOut({ percent, maxSoakMinutes }: Stage, tolerance: number): string {
  const rise = `${Number((tolerance * 100).toPrecision(3))} %`;
  return `at ${percent} % a rise of ${rise} cannot be ruled out within ${timeOf(maxSoakMinutes)} at this traffic`;
}

function trafficProblem(traffic: Forecast['traffic']): string | undefined {
  const metrics = Object.entries(traffic);
  if (metrics.length === 0) return 'there is no guardrail';
  const silent = metrics.find(([, seen]) => seen === undefined || !(seen.perMinute > 0));
  if (silent) return `${silent[0]} has no traffic`;
  const flawless = metrics.find(([, seen]) => !seen?.badShare);
  return flawless ? `${flawless[0]} had no bad events that a rise could be seen in` : undefined;
}

/** Every guardrail must be proved, so the slowest says how long it takes. Undefined when one of them is never proved. */
function slowestOf(stage: Stage, tolerance: number, options: ForecastOptions) {
  const { bounds, phi = 1, swing = 0 } = options;
  const answers = Object.entries(options.traffic).flatMap(([metric, seen]) => {
    if (seen === undefined) return [];
    const eventsUntil = growth(seen.perMinute * seen.badShare, swing);
    const minutes = minutesToSafe({
      eventsUntil: (minute) => eventsUntil(minute) / phi,
      share: stage.percent / 100,
      tolerance,
      beta: bounds.beta,
      longest: stage.maxSoakMinutes,
    });
    return [{ metric, minutes, eventsUntil }];
  });
  let slowest: { metric: string; minutes: number; eventsUntil: (minute: number) => number } | undefined;
  for (const { metric, minutes, eventsUntil } of answers) {
    if (minutes === undefined) return undefined;
    if (slowest === undefined || minutes > slowest.minutes) slowest = { metric, minutes, eventsUntil };
  }
  return slowest;
}

const radian = 1440 / (2 * Math.PI);

/** Expected bad events until a minute, of a day that begins in its quietest one. */
function growth(perMinute: number, swing: number) {
  return (minute: number) => perMinute * (minute - swing * radian * Math.sin(minute / radian));
}

function timeOf(minutes: number): string {
  return minutes < 120 ? `${Math.round(minutes)} min` : `${Number((minutes / 60).toFixed(1))} h`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
