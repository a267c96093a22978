import type { Reading, Tick } from '../domain/rollout/reading.ts';
import type { ChartPoint } from './rollout-chart.ts';

/** A chart of 1,200 pixels shows no more than this many points. */
const most = 120;
/** Exposed events that a point rests on. */
const enough = 30;

type Sums = { n: number; bad: number };

/**
 * The points of one metric from the ticks of a rollout, oldest first: bad over all, summed within equal pieces
 * of time when there are more ticks than a chart can show. Of a latency the slowest boundary is drawn.
 */
export function pointsOf(ticks: readonly Tick[], metric: string): readonly ChartPoint[] {
  const first = ticks[0];
  const last = ticks.at(-1);
  if (!first || !last) return [];
  const start = Date.parse(first.at);
  const wide = Math.max(1, (Date.parse(last.at) - start + 1) / most);
  const pieces = Map.groupBy(ticks, ({ at }) =>
    ticks.length <= most ? at : Math.floor((Date.parse(at) - start) / wide),
  );
  return withEnough([...pieces.values()], metric).map((piece) => pointOf(piece, metric));
}

/** Neighbours are drawn as one until enough exposed events are among them: two orders, one of them bad, are no 50 %. */
function withEnough(pieces: readonly (readonly Tick[])[], metric: string): readonly (readonly Tick[])[] {
  const drawn: (readonly Tick[])[] = [];
  let open: readonly Tick[] = [];
  const close = () => {
    if (open.length > 0) drawn.push(open);
    open = [];
  };
  for (const piece of pieces) {
    const silent = pointOf(piece, metric).control === null;
    if (silent) close();
    open = [...open, ...piece];
    if (silent || isEnough(open, metric)) close();
  }
  close();
  return drawn;
}

function isEnough(piece: readonly Tick[], metric: string): boolean {
  const readings = piece.map((tick) => tick.readings[metric]);
  if (readings.some((reading) => reading?.kind === 'gauge')) return true;
  return readings.reduce((sum, reading) => sum + (sightOf(reading).exposed?.n ?? 0), 0) >= enough;
}

/** Whether the metric is counted, and so a share of all; else it is a value. */
export function unitOf(ticks: readonly Tick[], metric: string): 'share' | 'value' {
  return ticks.some(({ readings }) => readings[metric]?.kind === 'gauge') ? 'value' : 'share';
}

function pointOf(piece: readonly Tick[], metric: string): ChartPoint {
  const readings = piece.map((tick) => tick.readings[metric]);
  const exposed = readings.map((reading) => sightOf(reading).exposed);
  const control = readings.map((reading) => sightOf(reading).control);
  return { at: piece.at(-1)?.at ?? '', exposed: shareOf(exposed), control: shareOf(control) };
}

type Sight = { readonly exposed: Sums | undefined; readonly control: Sums | undefined };

function sightOf(reading: Reading | undefined): Sight {
  switch (reading?.kind) {
    case 'counts': {
      const slowest = reading.strata.at(-1);
      return { exposed: slowest?.exposed, control: slowest?.control };
    }
    case 'historic':
      return { exposed: reading.now, control: reading.past.reduce(added, { n: 0, bad: 0 }) };
    // The mean of a piece is that of its ticks.
    case 'gauge':
      return { exposed: { n: 1, bad: reading.exposed }, control: { n: 1, bad: reading.control } };
    case 'no-data':
    case 'provider-down':
    case undefined:
      return { exposed: undefined, control: undefined };
  }
}

function added(one: Sums, other: Sums): Sums {
  return { n: one.n + other.n, bad: one.bad + other.bad };
}

function shareOf(all: readonly (Sums | undefined)[]): number | null {
  const sum = all.reduce<Sums>((so, one) => (one ? added(so, one) : so), { n: 0, bad: 0 });
  return sum.n === 0 ? null : sum.bad / sum.n;
}
