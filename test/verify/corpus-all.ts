// Every story under every runner, with the runners installed from the registry: node test/verify/corpus-all.ts [words]
// Too slow for `npm test`, which runs a part of it. Ends with status 1 when one verdict is wrong.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyCommand } from '../../src/cli/verify.ts';
import { buildStory } from './corpus/build.ts';
import {
  jest,
  mocha,
  nodeCommonjs,
  nodeEsm,
  nodeSystem,
  nodeTap,
  type Runner,
  vitest,
} from './corpus/runners.ts';
import { stories } from './corpus/stories.ts';

const runners: readonly Runner[] = [
  nodeCommonjs,
  nodeEsm,
  nodeTap,
  nodeSystem,
  vitest('5', ['vitest@5']),
  vitest('4', ['vitest@4']),
  vitest('3', ['vitest@3']),
  jest('30', ['jest@30']),
  jest('29', ['jest@29']),
  mocha('11', ['mocha@11'], 'commonjs'),
  mocha('11', ['mocha@11'], 'esm'),
  mocha('10', ['mocha@10'], 'commonjs'),
];
const words = process.argv.slice(2);
const kits = join(tmpdir(), 'slipway-corpus-packages');

function packagesFor({ packages }: Runner): string | undefined {
  if (packages.length === 0) return undefined;
  const kit = join(kits, packages.join('+').replaceAll(/[^\w.@+-]/g, '_'));
  if (!existsSync(join(kit, 'node_modules'))) {
    mkdirSync(kit, { recursive: true });
    writeFileSync(join(kit, 'package.json'), '{"private":true}');
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], {
      cwd: kit,
    });
  }
  return join(kit, 'node_modules');
}

const wrong: string[] = [];
let told = 0;
for (const runner of runners) {
  for (const story of stories) {
    const name = `${runner.name}: ${story.name}`;
    if (story.only?.(runner) === false || !words.every((word) => name.includes(word))) continue;
    const directory = mkdtempSync(join(tmpdir(), 'slipway-story-'));
    buildStory(directory, runner, story, packagesFor(runner));
    const lines: string[] = [];
    const io = {
      out: (line: string) => lines.push(line),
      err: console.error,
      cwd: directory,
      env: process.env,
    };
    const status = await verifyCommand([directory, '--json'], io);
    const report = JSON.parse(lines.join('\n'));
    const right = report.verdict === story.verdict && status === (story.verdict === 'pass' ? 0 : 1);
    told += 1;
    console.log(
      `${right ? ' ok ' : 'WRONG'} ${name}: ${report.verdict} (${report.checks[0]?.verdict}) in ${report.durationMs} ms`,
    );
    if (words.includes('-v') || !right) console.log(`      ${report.because}\n`);
    if (right) rmSync(directory, { recursive: true });
    else wrong.push(`${name} (${directory})`);
  }
}
console.log(`${told - wrong.length} of ${told} verdicts are right.`);
for (const name of wrong) console.log(`wrong: ${name}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
