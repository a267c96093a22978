// npm test: set-up, format and lint, types, then the tests (the house rules are among them).
// `npm test -- <path or vitest option>` runs only those tests. Runs on Node 20 before the set-up.
// The last line is the sum, alone: "N passed, N failed". A check that fails counts as one failed.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root, slipwayNode } from './installation.mjs';
import { setUpOrExplain } from './setup.mjs';
import { sumOf } from './test-summary.mjs';

const wanted = process.argv.slice(2);
const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const resultsPath = path.join(root, '.slipway', 'test-results', `${process.pid}.json`);
const environment = {
  ...process.env,
  PATH: `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
};

/** Runs a program on our own terminal; Ctrl-C reaches it first, and we end when it has ended. */
function run(program, args) {
  return new Promise((resolve) => {
    let interrupted = false;
    const onInterrupt = () => {
      interrupted = true;
    };
    process.on('SIGINT', onInterrupt);
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: environment });
    const end = (status) => {
      process.off('SIGINT', onInterrupt);
      if (interrupted || status === 130) process.exit(130);
      resolve(status);
    };
    child.on('error', () => end(127));
    child.on('close', (status) => end(status ?? 1));
  });
}

async function failedChecks() {
  const checks = [
    { name: 'format and lint', program: bin('biome'), args: ['check', '--error-on-warnings', '.'] },
    { name: 'types', program: bin('tsc'), args: ['-p', '.'] },
  ];
  const failed = [];
  for (const { name, program, args } of checks) if ((await run(program, args)) !== 0) failed.push(name);
  return failed;
}

async function testResults() {
  mkdirSync(path.dirname(resultsPath), { recursive: true });
  const status = await run(slipwayNode, [
    path.join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${resultsPath}`,
    ...wanted,
  ]);
  try {
    return { status, results: JSON.parse(readFileSync(resultsPath, 'utf8')) };
  } catch {
    return { status, results: undefined };
  } finally {
    rmSync(resultsPath, { force: true });
  }
}

const setUpStatus = await setUpOrExplain('test');
if (setUpStatus !== 0) process.exit(setUpStatus);
const checks = wanted.length === 0 ? await failedChecks() : [];
const sum = sumOf({ checks, ...(await testResults()) });
for (const line of sum.lines) console.log(line);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 ? 0 : 1;
