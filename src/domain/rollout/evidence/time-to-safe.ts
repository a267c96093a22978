import { binomialFactor, logMean, safetyGrid } from './factor.ts';
import { absorbed, atStart, stepped } from './walk.ts';

export type SafeQuestion = {
  /** Expected bad events of both cohorts from the start of the stage until a minute of it, over-dispersion taken out. */
  readonly eventsUntil: (minute: number) => number;
  /** Of all requests, those of the exposed. */
  readonly share: number;
  readonly tolerance: number;
  readonly beta: number;
  readonly longest: number;
};

/** Minutes between two looks, until they are a thirtieth of the time. */
const look = 1;

/**
 * Median minutes until a harmless change is proved safe, or undefined when that is later than `longest`. The proof is
 * a boundary for the number of bad events of the exposed, given those of both cohorts; the chance of not having met it
 * is carried from look to look.
 */
export function minutesToSafe(question: SafeQuestion): number | undefined {
  const { share, longest } = question;
  if (share <= 0 || share >= 1) return undefined;
  let walk = atStart;
  let events = 0;
  let met = 0;
  for (let minute = 0; minute < longest; ) {
    const next = Math.min(longest, minute + Math.max(look, minute / 30));
    const more = Math.round(question.eventsUntil(next)) - events;
    walk = stepped(walk, { more, events, share });
    events += more;
    const taken = absorbed(walk, boundary(question, events), events * share);
    walk = taken.walk;
    if (met + taken.met >= 0.5) return minute + ((next - minute) * (0.5 - met)) / taken.met;
    met += taken.met;
    minute = next;
  }
  return undefined;
}

/** The most bad events of the exposed, among all, with which safety is proved; below zero when no number does. */
function boundary({ share, tolerance, beta }: SafeQuestion, events: number): number {
  const rho1 = 1 + tolerance;
  const isSafe = (bad: number) => {
    const stratum = { exposed: { n: share, bad }, control: { n: 1 - share, bad: events - bad } };
    return logMean(safetyGrid(rho1).map((to) => binomialFactor(stratum, rho1, to))) >= Math.log(1 / beta);
  };
  if (!isSafe(0)) return -1;
  let below = 0;
  let above = events;
  while (above - below > 0.01) {
    const middle = (below + above) / 2;
    if (isSafe(middle)) below = middle;
    else above = middle;
  }
  return below;
}
