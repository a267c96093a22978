import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import { type EChartsCoreOption, init, setPlatformAPI, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { fontFamily, registerFonts } from './fonts.ts';

/** One moment of a metric in both cohorts; null where nothing was counted. */
export type ChartPoint = {
  /** ISO 8601. */
  readonly at: string;
  readonly exposed: number | null;
  readonly control: number | null;
};

export type RolloutPicture = {
  readonly title: string;
  /** What the values are, for example the name of the metric. */
  readonly metric: string;
  /** Shares are drawn in percent, values as they are. */
  readonly unit: 'share' | 'value';
  readonly points: readonly ChartPoint[];
  /** When each percentage of users began. */
  readonly stages: readonly { readonly percent: number; readonly at: string }[];
  readonly haltedAt?: string;
};

/** In CSS pixels; drawn with twice as many, for sharp screens. */
export const chartSize = { width: 1200, height: 600, scale: 2 } as const;

/** Told apart by dashes and lightness as well, not by hue alone. */
export const chartColours = {
  exposed: '#1d4ed8',
  control: '#6b7280',
  halt: '#b42318',
  stage: '#c4c9d2',
  ink: '#111827',
  quiet: '#4b5563',
  grid: '#eceef2',
  paper: '#ffffff',
} as const;

/** Draws exposed against control over time, with the stages and the moment of the halt, as a PNG. */
export async function drawRollout(picture: RolloutPicture): Promise<Buffer> {
  registerFonts();
  use([LineChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, CanvasRenderer]);
  const { width, height, scale } = chartSize;
  setPlatformAPI({ createCanvas: () => paperOf(32, 32) });
  const canvas = paperOf(width * scale, height * scale);
  const chart = init(canvas, null, { renderer: 'canvas', width, height, devicePixelRatio: scale });
  try {
    chart.setOption(optionOf(picture));
    return await canvas.encode('png');
  } finally {
    chart.dispose();
  }
}

/** echarts asks for the element of a page, and only draws on its context. */
function paperOf(width: number, height: number): Canvas & HTMLCanvasElement {
  const canvas = createCanvas(width, height);
  if (!drawable(canvas)) throw new Error('Drawing a chart: the canvas has no context.');
  return canvas;
}

function drawable(canvas: Canvas): canvas is Canvas & HTMLCanvasElement {
  return canvas.getContext('2d') !== null;
}

function optionOf(picture: RolloutPicture): EChartsCoreOption {
  const { points, unit } = picture;
  const { from, to } = rangeOf(picture);
  const span = spanOf(picture);
  const clock = span < 10 * 60_000 ? '{HH}:{mm}:{ss}' : '{HH}:{mm}';
  return {
    animation: false,
    useUTC: true,
    backgroundColor: chartColours.paper,
    textStyle: { fontFamily, color: chartColours.ink },
    title: {
      text: shortened(picture.title, 60),
      subtext: `${shortened(picture.metric, 70)}${unit === 'share' ? ', share of all' : ''} · time in UTC`,
      left: 40,
      top: 26,
      itemGap: 16,
      textStyle: { fontFamily, fontSize: 34, fontWeight: 600, color: chartColours.ink },
      subtextStyle: { fontFamily, fontSize: 24, color: chartColours.quiet },
    },
    legend: {
      data: ['exposed', 'control'],
      lineStyle: { width: 5 },
      right: 40,
      top: 34,
      itemWidth: 46,
      itemGap: 28,
      selectedMode: false,
      textStyle: { fontFamily, fontSize: 25, color: chartColours.ink },
    },
    grid: {
      left: 40,
      right: 48,
      top: 172,
      bottom: 30,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      type: 'time',
      ...(Number.isFinite(from) && { min: from, max: to }),
      splitNumber: 6,
      axisLine: { lineStyle: { color: chartColours.stage, width: 2 } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        fontFamily,
        fontSize: 24,
        color: chartColours.quiet,
        hideOverlap: true,
        margin: 14,
        formatter: span > 36 * 3_600_000 ? '{d} {MMM} {HH}:{mm}' : clock,
      },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 4,
      axisLabel: {
        fontFamily,
        fontSize: 24,
        color: chartColours.quiet,
        margin: 16,
        formatter: (value: number) => (unit === 'share' ? `${rounded(value * 100)} %` : rounded(value)),
      },
      splitLine: { lineStyle: { color: chartColours.grid, width: 2 } },
    },
    series: [
      {
        ...line('control', chartColours.control),
        lineStyle: { width: 4, color: chartColours.control, type: [10, 7] },
        data: points.map(({ at, control }) => [at, control]),
        z: 2,
      },
      {
        ...line('exposed', chartColours.exposed),
        lineStyle: { width: 5, color: chartColours.exposed },
        areaStyle: { color: chartColours.exposed, opacity: 0.07 },
        data: points.map(({ at, exposed }) => [at, exposed]),
        z: 3,
        markLine: { silent: true, symbol: 'none', data: marksOf(picture) },
      },
    ],
  };
}

function line(name: string, color: string) {
  return { name, type: 'line', symbol: 'none', itemStyle: { color }, connectNulls: false };
}

/** Upright lines: a quiet one for each stage with its percentage, a loud one for the halt, named a row higher. */
function marksOf(picture: RolloutPicture): readonly object[] {
  const { stages, haltedAt } = picture;
  const room = spanOf(picture) * 0.06;
  const { from } = rangeOf(picture);
  const marks = stages.map(({ percent, at }, index) => {
    const next = stages[index + 1];
    const crowded = next !== undefined && Date.parse(next.at) - Date.parse(at) < room;
    return {
      xAxis: at,
      lineStyle: { color: chartColours.stage, width: 2, type: 'solid' },
      label: {
        show: !crowded,
        formatter: `${percent} %`,
        fontFamily,
        fontSize: 25,
        fontWeight: 600,
        color: chartColours.quiet,
        distance: 10,
        // Beside the line where the numbers of the axis stand.
        ...(Date.parse(at) - from < room / 2 && { offset: [34, 0] }),
      },
    };
  });
  if (haltedAt === undefined) return marks;
  const halt = {
    xAxis: haltedAt,
    lineStyle: { color: chartColours.halt, width: 5, type: 'solid' },
    label: {
      formatter: `Halted ${haltedAt.slice(11, 16)}`,
      fontFamily,
      fontSize: 25,
      fontWeight: 600,
      color: chartColours.paper,
      backgroundColor: chartColours.halt,
      padding: [7, 12],
      borderRadius: 6,
      distance: 48,
    },
  };
  return [...marks, halt];
}

/** From the first stage or point to the last point or the halt, with room on the right for the word of the halt. */
function rangeOf({ points, stages, haltedAt }: RolloutPicture): {
  readonly from: number;
  readonly to: number;
} {
  const times = [...points, ...stages].map(({ at }) => Date.parse(at));
  if (haltedAt !== undefined) times.push(Date.parse(haltedAt));
  const from = Math.min(...times);
  const last = Math.max(...times);
  const room = haltedAt === undefined ? 0 : Math.max(0, Date.parse(haltedAt) - last + 0.08 * (last - from));
  return { from, to: last + room };
}

function spanOf(picture: RolloutPicture): number {
  const { from, to } = rangeOf(picture);
  return Math.max(0, to - from);
}

/** As few digits as tell neighbours apart. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function shortened(text: string, most: number): string {
  const characters = [...text.replace(/\s+/g, ' ')];
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}
