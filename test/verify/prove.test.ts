import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ProofReport } from '../../src/domain/proof.ts';
import { workflow } from '../../src/domain/workflow.ts';
import type { SandboxJob } from '../../src/ports.ts';
import { type ProofRequest, prove } from '../../src/verify/prove.ts';
import { type Played, playedSandbox } from './played-sandbox.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-prove-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;
const plainTest = "test('adds', () => {});\n";
const shop: Files = { 'src/a.js': 'exports.a = 1;\n', 'test/a.test.js': plainTest };

/** The played sandbox is told which side a run is on by a file the change adds. */
const isHead = (job: SandboxJob) => existsSync(join(job.directory, 'src/new.js'));

async function proof(
  play: (head: boolean, job: SandboxJob, run: number) => Played,
  more: Partial<ProofRequest> & {
    readonly base?: Files;
    readonly head?: Files;
    readonly rules?: object;
  } = {},
): Promise<ProofReport> {
  const { base = shop, head = {}, rules = {}, ...rest } = more;
  put('base', base);
  put('head', { ...base, 'src/new.js': 'exports.b = 2;\n', ...head });
  return prove({
    sandbox: playedSandbox((job, run) => play(isHead(job), job, run)),
    baseDirectory: join(directory, 'base'),
    headDirectory: join(directory, 'head'),
    baseCommit: 'b'.repeat(40),
    headCommit: 'h'.repeat(40),
    workflow: workflow.parse({
      version: 1,
      owner: '@maria',
      checks: [{ name: 'test', run: 'runner > $REPORT', report: 'junit' }],
      ...rules,
    }),
    criteria: [],
    cacheDirectory: join(directory, 'cache'),
    ...rest,
  });
}

function put(side: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, side, path, '..'), { recursive: true });
    writeFileSync(join(directory, side, path), content);
  }
}

const green: Played = { tests: { adds: 'passed' } };
const red: Played = { tests: { adds: 'failed' } };
const status = (code: number): Played => ({ outcome: { status: code, stderr: 'Error: said so' } });

describe('what is said of a check', () => {
  const noReport = { checks: [{ name: 'lint', run: 'lint' }] };
  test.each<[string, Played, Played, string, object]>([
    ['all green', green, green, 'pass', {}],
    ['red now', green, red, 'fail', {}],
    ['red on both sides', red, red, 'pass', {}],
    ['green now', red, green, 'pass', {}],
    ['gone', green, { tests: {} }, 'fail', {}],
    ['skipped', green, { tests: { adds: 'skipped' } }, 'fail', {}],
    ['no report and status 0', green, status(0), 'tampered', {}],
    ['no report and status 1', green, status(1), 'fail', {}],
    ['a report that cannot be read', green, { report: '<testsuites' }, 'tampered', {}],
    ['two reports', green, { report: '<testsuites></testsuites><testsuites></testsuites>' }, 'tampered', {}],
    ['a hang', green, { outcome: { ended: 'timed-out', status: null } }, 'fail', {}],
    ['a flood', green, { outcome: { ended: 'stopped', status: null, truncated: true } }, 'fail', {}],
    ['no memory', green, { outcome: { ended: 'out-of-memory', status: null } }, 'fail', {}],
    ['a base that cannot run', status(1), green, 'unknown', {}],
    ['nothing can run', status(127), status(127), 'unknown', {}],
    ['green tests and status 1', green, { ...green, outcome: { status: 1 } }, 'fail', {}],
    [
      'green tests and status 1 on both',
      { ...green, outcome: { status: 1 } },
      { ...green, outcome: { status: 1 } },
      'pass',
      {},
    ],
    ['red as before and status 0', red, { ...red, outcome: { status: 0 } }, 'tampered', {}],
    ['no report declared, status 0', status(0), status(0), 'pass', noReport],
    ['no report declared, status 1', status(0), status(1), 'fail', noReport],
    ['no report declared, status 1 on both', status(1), status(1), 'unknown', noReport],
  ])('%s', async (_, base, head, verdict, rules) => {
    const report = await proof((onHead) => (onHead ? head : base), { rules });
    expect([report.checks[0]?.verdict, report.checks[0]?.because]).toEqual([
      verdict,
      expect.stringMatching(/\w+ .+[.:]/),
    ]);
    expect(report.verdict).toBe(verdict === 'tampered' ? 'fail' : verdict);
    expect(report.failures.length > 0).toBe(verdict !== 'pass');
  });

  test('a base without any test has nothing to lose', async () => {
    const report = await proof((onHead) => (onHead ? green : status(1)), {
      base: { 'src/a.js': '' },
      head: { 'test/a.test.js': plainTest },
    });
    expect(report.verdict).toBe('pass');
  });

  test('a hang is known by what the base needed', async () => {
    const limits: number[] = [];
    const report = await proof((onHead, job) => {
      if (onHead) limits.push(job.limits.seconds);
      return onHead ? { outcome: { ended: 'timed-out', status: null } } : green;
    });
    expect([report.verdict, limits]).toEqual(['fail', [60]]);
    expect(report.checks[0]?.because).toContain('60');
  });

  test('a check that passes by its status alone says so', async () => {
    const report = await proof(() => status(0), { rules: { checks: [{ name: 'lint', run: 'lint' }] } });
    expect(report.checks[0]?.because).toContain('no report');
  });
});

describe('flaky tests', () => {
  test('failing now and then on both sides is not held against the change', async () => {
    const seen = { base: 0, head: 0 };
    const report = await proof((onHead) => {
      if (onHead) return ++seen.head % 2 === 1 ? red : green;
      return ++seen.base === 1 ? green : red;
    });
    expect(report.verdict).toBe('pass');
    expect(report.findings.find(({ because }) => because.includes('flaky'))).toMatchObject({
      severity: 'review',
    });
  });
  test('failing now and then only since the change is', async () => {
    let head = 0;
    const report = await proof((onHead) => (onHead && ++head % 2 === 1 ? red : green));
    expect(report.verdict).toBe('fail');
    expect(report.failures[0]?.message).toContain('always on the base');
  });
});

describe('criteria', () => {
  const criteria = [{ id: 'AC-1', file: 'test/a.test.js', name: 'suite > adds' }];
  test.each<[string, Played, Played, string, string, string]>([
    ['red then green', red, green, 'red', 'green', 'pass'],
    ['green already', green, green, 'green', 'green', 'fail'],
    ['red still', red, red, 'red', 'red', 'fail'],
    ['not there', green, { tests: { other: 'passed' } }, 'green', 'absent', 'fail'],
    ['a file that does not load there', status(1), green, 'red', 'green', 'pass'],
    [
      'not there on the base, where all went well',
      { tests: { other: 'passed' } },
      green,
      'absent',
      'green',
      'fail',
    ],
    ['skipped', red, { tests: { adds: 'skipped' } }, 'red', 'absent', 'fail'],
  ])('%s', async (_, laidOver, head, base, onHead, verdict) => {
    const name = 'adds';
    const report = await proof(
      (isOnHead, job) => {
        if (isOnHead) return { ...head, tests: { ...head.tests, old: 'passed' } };
        // The base with the head's tests laid over it has the new test file.
        const over = existsSync(join(job.directory, 'test/new.test.js'));
        if (!over) return { tests: { old: 'passed' } };
        return laidOver.tests === undefined ? laidOver : { tests: { ...laidOver.tests, old: 'passed' } };
      },
      { head: { 'test/new.test.js': plainTest }, criteria: [{ id: 'AC-1', file: 'test/a.test.js', name }] },
    );
    expect(report.criteria).toEqual([{ id: 'AC-1', test: 'test/a.test.js > adds', base, head: onHead }]);
    // Said once: by the failing test itself, else by the gate.
    const blocks =
      report.failures.filter(({ gate, test }) => gate === 'criteria' || test === 'test/a.test.js > adds')
        .length === 1;
    expect(blocks).toBe(verdict === 'fail');
  });
  test('are looked for with their suites, or by their title alone', async () => {
    const report = await proof(() => green, { criteria });
    expect(report.criteria[0]).toMatchObject({ head: 'absent' });
  });
});

describe('what is kept between proofs', () => {
  test('the base is run once per commit, and a check that changes is run again', async () => {
    const runs: boolean[] = [];
    const play = (onHead: boolean) => {
      runs.push(onHead);
      return green;
    };
    await proof(play);
    await proof(play);
    expect(runs).toEqual([true, false, true]);
    await proof(play, { rules: { checks: [{ name: 'test', run: 'other > $REPORT', report: 'junit' }] } });
    expect(runs).toEqual([true, false, true, true, false]);
  });

  test('packages are installed once per lock file, with the registry as the only network, and nothing else is kept', async () => {
    const networks: string[] = [];
    const seen: (readonly string[])[] = [];
    const play = (_: boolean, job: SandboxJob): Played => {
      if (job.command[2] === 'npm ci') {
        networks.push(job.network);
        mkdirSync(join(job.directory, 'node_modules/left-pad'), { recursive: true });
        writeFileSync(join(job.directory, 'src/a.js'), 'changed by the installation');
        return {};
      }
      expect(job.network).toBe('none');
      expect(readFileSync(join(job.directory, 'src/a.js'), 'utf8')).toBe(shop['src/a.js']);
      seen.push(
        job.mounts.filter(({ to }) => to.startsWith('/job/')).map(({ to, writable }) => `${to} ${writable}`),
      );
      return green;
    };
    const base = { ...shop, 'package.json': '{}', 'package-lock.json': '{}' };
    const rules = { install: 'npm ci', checks: [{ name: 'test', run: 'runner > $REPORT', report: 'junit' }] };
    await proof(play, { base, rules });
    await proof(play, { base, rules });
    expect(networks).toEqual(['registry']);
    await proof(play, { base, rules, head: { 'package-lock.json': '{"new":1}' } });
    expect(networks).toEqual(['registry', 'registry']);
    expect(new Set(seen.flat())).toEqual(new Set(['/job/node_modules/left-pad false']));
    expect(readdirSync(join(directory, 'cache/installs')).every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(
      true,
    );
  });

  test('an installation that does not end well: the head is at fault, the base is not', async () => {
    const base = { ...shop, 'package.json': '{}' };
    const rules = { install: 'npm ci', checks: [{ name: 'test', run: 'runner > $REPORT', report: 'junit' }] };
    const failing = (onlyHead: boolean) => (onHead: boolean, job: SandboxJob) =>
      job.command[2] === 'npm ci' && (onHead || !onlyHead) ? status(1) : green;
    const head = { 'package.json': '{"dependencies":{"no-such":"1"}}' };
    expect((await proof(failing(false), { base, rules, head })).verdict).toBe('unknown');
    const ofHead = await proof(failing(true), { base, rules, head });
    expect([ofHead.verdict, ofHead.failures[0]?.gate]).toEqual(['fail', 'install']);
  });
});

describe('gates on the change itself', () => {
  const gatesOf = async (more: Parameters<typeof proof>[1]) => {
    const report = await proof(() => green, more);
    return report.findings.map(({ gate, severity, path, line }) =>
      [gate, severity, path, line].filter((part) => part !== undefined),
    );
  };
  const key = ['ghp', '_', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5'].join('');
  test.each<[string, Parameters<typeof proof>[1], readonly (readonly (string | number)[])[]]>([
    ['nothing to say', {}, []],
    [
      'a script that cannot be parsed',
      { head: { 'src/x.ts': 'const = 1;' } },
      [['syntax', 'block', 'src/x.ts', 1]],
    ],
    [
      'JSX, TypeScript and CommonJS are scripts',
      { head: { 'a.js': 'return <b/>;', 'b.ts': 'let a: number', 'c.cjs': 'return 1' } },
      [],
    ],
    [
      'broken on purpose',
      { head: { 'test/fixtures/x.js': 'const = 1;' } },
      [['syntax', 'note', 'test/fixtures/x.js', 1]],
    ],
    [
      'too large',
      { rules: { thresholds: { changedLines: 1 } }, head: { 'a.txt': 'a\nb\n' } },
      [['size', 'block']],
    ],
    [
      'lock files have no size',
      { rules: { thresholds: { changedLines: 1 } }, head: { 'package-lock.json': 'a\nb\nc\n' } },
      [],
    ],
    ['protected', { rules: { protected: ['src/*.js'] } }, [['protected', 'block', 'src/new.js']]],
    ['a secret', { head: { 'src/x.js': `const key = '${key}';\n` } }, [['secrets', 'block', 'src/x.js', 1]]],
    ['a file of secrets', { head: { '.env': 'A=1\n' } }, [['secrets', 'block', '.env']]],
    [
      'CI',
      { head: { '.github/workflows/x.yml': 'a: 1\n' } },
      [['judges changed', 'review', '.github/workflows/x.yml']],
    ],
    [
      'a test that is switched off',
      { head: { 'test/a.test.js': "test.skip('adds', () => {});\n" } },
      [['judges changed', 'review', 'test/a.test.js']],
    ],
    [
      'a forced exit',
      { head: { 'src/x.js': 'process.exit(0);\n' } },
      [
        ['test', 'review'],
        ['forced exit', 'review', 'src/x.js', 1],
      ],
    ],
  ])('%s', async (_, more, findings) => {
    const found = await gatesOf(more);
    expect(
      found.filter(([gate]) => gate !== 'test' || findings.some(([wanted]) => wanted === 'test')),
    ).toEqual(findings);
  });

  test('coverage of the change', async () => {
    const rules = {
      checks: [{ name: 'test', run: 'runner > $REPORT', report: 'junit', coverage: 'coverage/lcov.info' }],
    };
    const measured = (text: string | undefined) => (onHead: boolean, job: SandboxJob) => {
      if (onHead && text !== undefined) {
        mkdirSync(join(job.directory, 'coverage'));
        writeFileSync(join(job.directory, 'coverage/lcov.info'), text);
      }
      return green;
    };
    const of = async (text: string | undefined) => {
      const report = await proof(measured(text), { rules });
      return [
        report.verdict,
        report.diffCoverage,
        report.findings.map(({ gate, severity }) => `${gate} ${severity}`),
      ];
    };
    expect(await of('SF:/job/src/new.js\nDA:1,3\nend_of_record\n')).toEqual(['pass', 100, []]);
    expect(await of('SF:/job/src/new.js\nDA:1,0\nend_of_record\n')).toEqual([
      'fail',
      0,
      ['diff coverage block'],
    ]);
    expect(await of('')).toEqual(['fail', 0, ['diff coverage block']]);
    expect(await of(undefined)).toEqual(['pass', undefined, ['diff coverage review']]);
  });
});

test('a stop ends the proof', async () => {
  const stop = new AbortController();
  const running = proof(
    () => {
      stop.abort(new Error('stopped by a person'));
      return green;
    },
    { signal: stop.signal },
  );
  await expect(running).rejects.toThrow('stopped by a person');
});

test('without a sandbox nothing is run, and the sentence says what to install', async () => {
  const sandbox = { ...playedSandbox(() => green), unavailable: async () => 'Install bubblewrap.' };
  await expect(proof(() => green, { sandbox })).rejects.toThrow('Install bubblewrap.');
});
