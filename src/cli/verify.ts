import { constants } from 'node:fs';
import { access, mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bubblewrap } from '../adapters/bubblewrap.ts';
import { readRules, workflowFileName } from '../config/workflow-file.ts';
import type { Finding, ProofReport, Verdict } from '../domain/proof.ts';
import { GiveUp, sentenceOf } from '../errors.ts';
import { openCheckout } from '../verify/checkout.ts';
import { prove } from '../verify/prove.ts';
import { readSpec } from '../verify/spec-file.ts';
import { proofText } from '../verify/text.ts';
import { inScratch, readPlain } from '../verify/tree.ts';
import type { Io } from './io.ts';

const verifyUsage = `slipway verify DIR [--base REF] [--spec FILE] [--json]

Runs the gates of DIR's ${workflowFileName} on the working tree as it stands and holds the result against the base.
  --base REF   the commit to compare with (else where the branch left the default branch, else the commit before)
  --spec FILE  criteria, each with the test that proves it: red on the base, green on the head
  --json       the report for machines
Exit status: 0 it holds, 1 it does not hold, 2 it could not be judged.`;

const statuses: Readonly<Record<Verdict, number>> = { pass: 0, fail: 1, unknown: 2 };

/** The gates on any checkout, on a laptop or in CI. */
export async function verifyCommand(args: readonly string[], io: Io): Promise<number> {
  let asked: ReturnType<typeof readArguments>;
  try {
    asked = readArguments(args);
  } catch (error) {
    io.err(`${sentenceOf(error)}\n\n${verifyUsage}`);
    return 2;
  }
  if (asked.help) {
    io.out(verifyUsage);
    return 0;
  }
  const stop = new AbortController();
  const onSignal = () => stop.abort(new GiveUp('Stopped.'));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const report = await verify({ ...asked, cwd: io.cwd, signal: stop.signal });
    io.out(asked.json ? JSON.stringify(report, null, 2) : proofText(report));
    return statuses[report.verdict];
  } catch (error) {
    if (asked.json) {
      const nothing = { verdict: 'unknown', because: sentenceOf(error), base: null, head: null, checks: [] };
      const finding = { gate: 'run', severity: 'block', because: sentenceOf(error) };
      io.out(JSON.stringify({ ...nothing, findings: [finding], durationMs: 0 }, null, 2));
    } else io.err(sentenceOf(error));
    return 2;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      base: { type: 'string' },
      spec: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [directory, ...more] = positionals;
  if (!values.help && (directory === undefined || more.length > 0)) {
    throw new GiveUp('Name one directory to verify.');
  }
  return {
    directory: directory ?? '.',
    base: values.base,
    spec: values.spec,
    json: values.json,
    help: values.help,
  };
}

async function verify(asked: {
  readonly directory: string;
  readonly base: string | undefined;
  readonly spec: string | undefined;
  readonly cwd: string;
  readonly signal: AbortSignal;
}): Promise<ProofReport> {
  const sandbox = bubblewrap();
  const unavailable = await sandbox.unavailable();
  if (unavailable !== undefined) throw new GiveUp(unavailable);
  const criteria =
    asked.spec === undefined
      ? []
      : readSpec(asked.spec, await readFile(resolve(asked.cwd, asked.spec), 'utf8'));
  return inScratch(async (scratch) => {
    const checkout = await openCheckout({
      directory: resolve(asked.cwd, asked.directory),
      base: asked.base,
      scratch,
    });
    const { workflow, note } = await workflowOf(checkout);
    const report = await prove({
      sandbox,
      baseDirectory: checkout.baseDirectory,
      headDirectory: checkout.headDirectory,
      baseCommit: checkout.base,
      headCommit: checkout.head,
      workflow,
      criteria,
      cacheDirectory: await cacheDirectory(scratch),
      dependencies: checkout.dependencies,
      signal: asked.signal,
    });
    const notes = [note, ...checkout.notes].map(
      (because): Finding => ({ gate: 'verify', severity: 'note', because }),
    );
    return { ...report, findings: [...report.findings, ...notes] };
  });
}

/** Kept for the next time where this user may keep things, else only for this run. */
async function cacheDirectory(scratch: string): Promise<string> {
  const home = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'slipway', 'verify');
  const made = await mkdir(home, { recursive: true })
    .then(() => access(home, constants.W_OK))
    .then(
      () => true,
      () => false,
    );
  return made ? home : join(scratch, 'cache');
}

/** The base's rules judge a change; a repository that is only now getting them is judged by its new ones. */
async function workflowOf(checkout: {
  readonly baseDirectory: string;
  readonly headDirectory: string;
  readonly base: string;
}) {
  const onBase = await readPlain(checkout.baseDirectory, workflowFileName);
  const text = onBase ?? (await readPlain(checkout.headDirectory, workflowFileName));
  if (text === undefined) {
    throw new GiveUp(
      `There is no ${workflowFileName} here, so nothing says which checks must hold. Add one at the top of the checkout.`,
    );
  }
  const read = readRules(text);
  const where = onBase === undefined ? 'of the working tree' : `of ${checkout.base.slice(0, 10)}`;
  if ('problems' in read) {
    const problems = read.problems.map(
      ({ file, line, column, message }) => `  ${file}:${line}:${column} ${message}`,
    );
    throw new GiveUp(`${workflowFileName} ${where} cannot be used:\n${problems.join('\n')}`);
  }
  const note =
    onBase === undefined
      ? `The base has no ${workflowFileName}; that of the working tree was used.`
      : `The rules are those of ${workflowFileName} on the base.`;
  return { workflow: read.value, note };
}
