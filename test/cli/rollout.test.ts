import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { rolloutCommand } from '../../src/cli/rollout.ts';
import { draws } from '../domain/rollout/evidence/reference/draw.ts';

async function run(args: readonly string[], cwd = process.cwd()) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), cwd, env: {} };
  const status = await rolloutCommand(args, io);
  return { status, out: out.join('\n'), err: err.join('\n') };
}

async function answer(args: readonly string[], cwd?: string) {
  const { status, out, err } = await run([...args, '--json'], cwd);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return JSON.parse(out);
}

describe('plan', () => {
  test('answers for each stage, and with everything that cannot be proved', async () => {
    const plan = await answer(['plan', '--rate', '100', '--base-error', '0.005', '--stages', '1,5,25,50,99']);
    expect(plan).toEqual({
      rate: 100,
      baseError: 0.005,
      stages: [
        {
          percent: 1,
          tolerance: 1,
          minutesToSafe: 55.9,
          expectedEvents: 8.5,
          because: 'at 1 % this needs 56 min',
        },
        {
          percent: 5,
          tolerance: 0.5,
          minutesToSafe: 43.3,
          expectedEvents: 32.7,
          because: 'at 5 % this needs 43 min',
        },
        {
          percent: 25,
          tolerance: 0.2,
          minutesToSafe: 68.8,
          expectedEvents: 262,
          because: 'at 25 % this needs 69 min',
        },
        {
          percent: 50,
          tolerance: 0.1,
          minutesToSafe: 184.3,
          expectedEvents: 1527,
          because: 'at 50 % this needs 3.1 h',
        },
        {
          percent: 99,
          tolerance: 0.05,
          minutesToSafe: null,
          expectedEvents: null,
          because: 'at 99 % a rise of 5 % cannot be ruled out within 24 h at this traffic',
        },
      ],
      cannotBeProved: [
        'at 1 % a rise of 10 % cannot be ruled out within 24 h at this traffic',
        'at 5 % a rise of 5 % cannot be ruled out within 24 h at this traffic',
        'at 99 % a rise of 5 % cannot be ruled out within 24 h at this traffic',
      ],
    });
  });

  test('is a small table for people', async () => {
    const { out } = await run(['plan', '--stages', '1,25', '--max-soak', '600']);
    expect(out.split('\n').map((line) => line.trim())).toEqual([
      'stage  rules out safe after bad events',
      '1 %     +100 %     56 min          9',
      '25 %      +20 %     69 min        262',
      '',
      'What cannot be proved:',
      'at 1 % a rise of 20 % cannot be ruled out within 10 h at this traffic',
    ]);
  });

  test('takes a tolerance for each stage', async () => {
    const { stages } = await answer(['plan', '--stages', '1,5', '--tolerance', '0.5,0.2']);
    expect(stages.map(({ tolerance }: { tolerance: number }) => tolerance)).toEqual([0.5, 0.2]);
  });
});

describe('simulate', () => {
  const small = ['simulate', '--runs', '40', '--hours', '4', '--harm', '3'];

  test('gives the same answer for the same seed', async () => {
    const [first, again, other] = [
      await answer([...small, '--seed', '7']),
      await answer([...small, '--seed', '7']),
      await answer([...small, '--seed', '8']),
    ];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(Object.keys(first)).toEqual([
      'runs',
      'falseHalts',
      'halted',
      'wrongAdvances',
      'delayMinutes',
      'minutesToSafe',
    ]);
    expect(Object.keys(first.minutesToSafe)).toEqual(['1', '5', '25', '50']);
  });

  test('a harmless change is halted in less than one run of a hundred', async () => {
    const found = await answer(['simulate', '--harm', '1', '--runs', '500']);
    expect(found).toMatchObject({ runs: 500, wrongAdvances: 0, delayMinutes: { p50: null, p90: null } });
    expect(found.falseHalts).toBe(found.halted);
    expect(found.falseHalts).toBeLessThanOrEqual(0.01);
  });

  /** Two standard errors of a median of so many runs, and the minute that it is rounded to. */
  const samplingError = { '2': 4, '3': 2, '5': 1, '10': 1 };

  test.each([
    ['2', 95],
    ['3', 28],
    ['5', 10],
    ['10', 3],
  ] as const)(
    'a harm of x%s is halted within the published %d minutes, and 15 %% more with the restarts',
    async (harm, published) => {
      const args = ['simulate', '--rho0', '1', '--harm', harm, '--hours', '24', '--runs', '2000'];
      const single = await answer([...args, '--no-restarts']);
      expect(single.delayMinutes.p50).toBeLessThanOrEqual(published + samplingError[harm]);
      expect(single).toMatchObject({ falseHalts: 0, halted: 1 });
      expect(single.wrongAdvances).toBeLessThanOrEqual(0.05);
      const restarting = await answer(args);
      expect(restarting.delayMinutes.p50).toBeLessThanOrEqual(published * 1.15 + samplingError[harm]);
    },
  );

  test.each([
    ['1.2', 92, 5],
    ['2', 12, 1],
    ['5', 2, 1],
  ])(
    'a harm of x%s that comes late is halted within the published %d minutes',
    async (harm, published, error) => {
      const found = await answer([
        'simulate',
        '--rho0',
        '1',
        '--harm',
        harm,
        '--from',
        '935',
        '--runs',
        '400',
      ]);
      expect(found.delayMinutes.p50).toBeLessThanOrEqual(published + error);
    },
  );

  test('a harm of exactly the tolerance advances wrongly in less than one of twenty', async () => {
    const found = await answer([
      'simulate',
      '--harm',
      '1.5',
      '--stages',
      '5',
      '--hours',
      '8',
      '--runs',
      '1000',
      '--advance-on-proof',
    ]);
    expect(found.wrongAdvances).toBeGreaterThan(0);
    expect(found.wrongAdvances).toBeLessThanOrEqual(0.05);
  });

  test('stages follow the proof when they are told to', async () => {
    const args = ['simulate', '--harm', '1', '--hours', '8', '--runs', '60', '--rate', '2000'];
    const onProof = await answer([...args, '--advance-on-proof']);
    expect(onProof.minutesToSafe['1']).toBeGreaterThanOrEqual(10);
    expect(onProof.minutesToSafe['50']).toBeLessThan(120);
    const byClock = await answer(args);
    expect(byClock.minutesToSafe['1']).toBeLessThan(10);
  });

  test('is a short text for people', async () => {
    const { out } = await run(small);
    expect(out).toMatch(/^40 runs\nfalse halts {5}0 %\nhalted/);
    expect(out).toContain('safe at 50 %    median not within the time');
  });
});

type Line = {
  readonly at: string;
  readonly metric: string;
  readonly stage: number;
  readonly exposed: { readonly n: number; readonly bad: number };
  readonly control: { readonly n: number; readonly bad: number };
};

async function fileOf(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-replay-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'ticks.jsonl');
  await writeFile(file, text);
  return file;
}

const asText = (lines: readonly Line[]) => lines.map((line) => JSON.stringify(line)).join('\n');
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const line = (minute: number, more: Partial<Line> = {}): Line => ({
  at: at(minute),
  metric: 'errors',
  stage: 1,
  exposed: { n: 60, bad: 0 },
  control: { n: 5940, bad: 30 },
  ...more,
});

describe('replay', () => {
  /** The sums of the paper, each from the beginning. */
  function byHand(rows: readonly Line[], { rho0, phi }: { readonly rho0: number; readonly phi: number }) {
    const tolerances = { 1: 1, 5: 0.5, 25: 0.2 } as const;
    const stage = rows.at(-1)?.stage ?? 1;
    const changed = rows.findLastIndex((row) => row.stage !== stage);
    const mean = (from: number, alternatives: readonly number[], some: readonly Line[]) => {
      const logs = alternatives.map((to) =>
        some.reduce((sum, { exposed, control }) => {
          if (exposed.n + control.n === 0) return sum;
          const ratio = (from * exposed.n + control.n) / (to * exposed.n + control.n);
          return (
            sum + (exposed.bad * Math.log(to / from) + (exposed.bad + control.bad) * Math.log(ratio)) / phi
          );
        }, 0),
      );
      const high = Math.max(...logs);
      return high + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - high), 0) / logs.length);
    };
    const rho1 = 1 + (stage === 1 || stage === 5 || stage === 25 ? tolerances[stage] : 1);
    return {
      logE: mean(
        rho0,
        [1.05, 1.1, 1.2, 1.35, 1.5, 2, 3, 5, 10, 30].map((each) => each * rho0),
        rows,
      ),
      logS: mean(rho1, [0.5, 0.75, 1, Math.sqrt(rho1)], rows.slice(changed + 1)),
    };
  }

  test.each([
    [1, []],
    [3, ['--rho0', '1.1', '--phi', '3']],
  ])('equals the plain sums over a ramp of two metrics, over-dispersion %d', async (phi, args) => {
    const { poisson } = draws(11);
    const lines = Array.from({ length: 90 }, (_, minute) => {
      const stage = [1, 5, 25][Math.floor(minute / 30)] ?? 1;
      const n = minute % 17 === 0 ? 0 : 60 * stage;
      const errors = line(minute, {
        stage,
        exposed: { n, bad: Math.min(n, poisson(0.4 * stage)) },
        control: { n: 6000 - 60 * stage, bad: poisson(25) },
      });
      return minute < 40 ? [errors] : [errors, { ...errors, metric: 'slow', control: { n: 4000, bad: 44 } }];
    }).flat();
    const { ticks } = await answer(['replay', await fileOf(asText(lines)), ...args]);
    expect(ticks).toHaveLength(90);
    for (const [minute, tick] of ticks.entries())
      for (const metric of ['errors', 'slow']) {
        const rows = lines.filter((each) => each.metric === metric && each.at <= at(minute));
        const expected =
          rows.length === 0 ? { logE: 0, logS: 0 } : byHand(rows, { rho0: phi === 3 ? 1.1 : 1.05, phi });
        expect(tick.metrics[metric].logE).toBeCloseTo(expected.logE, 9);
        expect(tick.metrics[metric].logS).toBeCloseTo(expected.logS, 9);
      }
  });

  const repeated = (count: number, more: Partial<Line>) =>
    Array.from({ length: count }, (_, minute) => line(minute, more));
  const quiet = { exposed: { n: 0, bad: 0 }, control: { n: 0, bad: 0 } };

  test.each<[string, readonly Line[], string, string]>([
    ['harm', repeated(30, { exposed: { n: 60, bad: 3 } }), 'harm', 'halt'],
    ['safety', repeated(120, {}), 'safe', 'advance'],
    ['too little of either', repeated(5, {}), 'undecided', 'hold'],
    ['nothing at all', repeated(5, quiet), 'no-data', 'hold'],
    ['safety, then silence', [...repeated(120, {}), line(120, quiet)], 'no-data', 'hold'],
    ['safety of one metric only', [...repeated(120, {}), line(120, { metric: 'slow' })], 'undecided', 'hold'],
    [
      'harm, then health for long',
      [
        ...repeated(30, { exposed: { n: 60, bad: 3 } }),
        ...Array.from({ length: 900 }, (_, index) => line(30 + index)),
      ],
      'safe',
      'halt',
    ],
    ['safety, then another stage', [...repeated(120, {}), line(120, { stage: 5 })], 'undecided', 'hold'],
    [
      'safety of one metric from the stage before',
      [
        ...repeated(120, { metric: 'slow' }),
        ...Array.from({ length: 240 }, (_, index) => line(120 + index, { stage: 5 })),
      ],
      'undecided',
      'hold',
    ],
  ])('%s', async (_, lines, verdict, decision) => {
    const found = await answer(['replay', await fileOf(asText(lines))]);
    expect(found.ticks.at(-1).verdict).toBe(verdict);
    expect(found.decision).toBe(decision);
  });

  test('lines may come in any order, with blanks, CRLF, a mark at the start and keys we do not know', async () => {
    const lines = [line(2, { exposed: { n: 60, bad: 2 } }), line(0), line(1, { metric: 'slow' }), line(1)];
    const text = `\uFEFF\r\n${lines.map((each) => JSON.stringify({ ...each, pod: 'a' })).join('\r\n\r\n')}\r\n`;
    const sorted = await answer([
      'replay',
      await fileOf(asText([...lines].sort((a, b) => a.at.localeCompare(b.at)))),
    ]);
    const found = await answer(['replay', await fileOf(text)]);
    expect(found.ticks.map((tick: { at: string }) => tick.at)).toEqual([at(0), at(1), at(2)]);
    expect(found).toEqual(sorted);
  });

  test('the same moment written in two ways is one tick', async () => {
    const lines = [
      line(0, { at: '2026-01-01T00:00:00Z' }),
      line(0, { at: '2026-01-01T01:00:00.000+01:00', metric: 'slow' }),
    ];
    const { ticks } = await answer(['replay', await fileOf(asText(lines))]);
    expect(ticks).toHaveLength(1);
  });

  test('restarts find harm that comes late', async () => {
    const lines = Array.from({ length: 1000 }, (_, minute) =>
      line(minute, { exposed: { n: 600, bad: minute < 930 ? 3 : 6 }, control: { n: 5400, bad: 27 } }),
    );
    const file = await fileOf(asText(lines));
    const first = (found: { ticks: readonly { verdict: string }[] }) =>
      found.ticks.findIndex(({ verdict }) => verdict === 'harm');
    const plain = first(await answer(['replay', file]));
    const restarting = first(await answer(['replay', file, '--restarts']));
    expect(restarting).toBeGreaterThan(930);
    expect(restarting).toBeLessThan(plain === -1 ? 1000 : plain);
  });

  test.each<[string, string, string]>([
    ['a fraction', '{"n":60.5,"bad":0}', 'exposed.n is 60.5 and must be a whole number'],
    ['a negative number', '{"n":60,"bad":-1}', 'exposed.bad is -1 and must not be negative'],
    ['a text', '{"n":"60","bad":0}', 'exposed.n is "60" and must be a number'],
    ['a count that is missing', '{"n":60}', 'exposed.bad is missing and must be a number'],
    ['no number', '{"n":60,"bad":null}', 'exposed.bad is null and must be a number'],
    [
      'more bad than all',
      '{"n":3,"bad":4}',
      'exposed.bad is 4, more than the 3 requests it is counted among',
    ],
  ])('%s is refused with its line', async (_, exposed, problem) => {
    const text = `${JSON.stringify(line(0))}\n\n{"at":"${at(1)}","metric":"errors","stage":1,"exposed":${exposed},"control":{"n":9,"bad":0}}\n`;
    const file = await fileOf(text);
    expect(await run(['replay', file, '--json'])).toEqual({
      status: 2,
      out: '',
      err: `slipway rollout replay: ${file}:3: ${problem}.`,
    });
  });

  test.each([
    ['{"at":"2026-01-01T00:00:00Z",', ':1 is not JSON: {"at":"2026-01-01T00:00:00Z",'],
    ['{"at":"2026-01-01T00:00:00Z","n":NaN}', ':1 is not JSON: {"at":"2026-01-01T00:00:00Z","n":NaN}'],
    [JSON.stringify({ ...line(0), at: 'yesterday' }), ':1: at is "yesterday" and must be an ISO time.'],
    [JSON.stringify({ ...line(0), stage: 101 }), ':1: stage is 101 and must be at most 100.'],
    ['\n\n', ' holds no ticks; give one JSON object a line.'],
  ])('%j is refused', async (text, problem) => {
    const file = await fileOf(text);
    const { status, err } = await run(['replay', file]);
    expect({ status, err }).toEqual({ status: 2, err: `slipway rollout replay: ${file}${problem}` });
  });
});

test.each([
  [['replay', 'nowhere.jsonl'], 'slipway rollout replay: There is no file nowhere.jsonl.'],
  [['replay'], 'slipway rollout replay: Name one file of ticks.'],
  [['simulate', '--harm', 'x'], 'slipway rollout simulate: --harm is "x"; give a number above 0 up to 1000.'],
  [
    ['simulate', '--runs', '1.5'],
    'slipway rollout simulate: --runs is "1.5"; give a whole number from 1 up to 1000000.',
  ],
  [['plan', '--alpha', '0'], 'slipway rollout plan: --alpha is "0"; give a number above 0 below 1.'],
  [
    ['plan', '--stages', '5,1'],
    'slipway rollout plan: --stages is "5,1"; each stage must be more than the one before, and 1 is not.',
  ],
  [
    ['plan', '--tolerance', '1,2'],
    'slipway rollout plan: --tolerance has 2 values for 5 stages; give one for all or one for each.',
  ],
])('%j is answered with a sentence', async (args, sentence) => {
  expect(await run(args)).toEqual({ status: 2, out: '', err: sentence });
});

test('help is shown where it is asked for, and where nothing else fits', async () => {
  for (const name of ['plan', 'simulate', 'replay'])
    expect((await run([name, '--help'])).out).toMatch(new RegExp(`^slipway rollout ${name} `));
  expect((await run(['--help'])).status).toBe(0);
  expect(await run(['ramp'])).toMatchObject({
    status: 2,
    err: expect.stringMatching(/^There is no "rollout ramp"\./),
  });
  const unknown = await run(['plan', '--rates', '3']);
  expect(unknown).toMatchObject({
    status: 2,
    err: expect.stringMatching(/Unknown option '--rates'[\s\S]*slipway rollout plan \[/),
  });
});
