import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../domain/workflow.ts';
import type { SandboxOutcome } from '../ports.ts';
import { type Dependencies, showDependencies } from './dependencies.ts';
import { environmentOf, type Lab, limitsFor } from './lab.ts';
import { openReportChannel } from './report-channel.ts';
import { type Report, readReport } from './reports/index.ts';
import { withoutColour } from './results.ts';
import { copyTree, inScratch, readUntrusted } from './tree.ts';

/** One run of one check on one tree, as far as it was seen from outside. Plain data: base runs are kept as JSON. */
export type CheckRun = {
  readonly ended: SandboxOutcome['ended'];
  readonly status: number | null;
  /** How long it took; absent from runs that were kept by an earlier version. */
  readonly seconds?: number;
  readonly truncated: boolean;
  readonly report: Report | { readonly kind: 'undeclared' };
  /** The lcov file, when one was declared and written. */
  readonly coverage?: string;
  /** What it printed last, for people. */
  readonly said: string;
};

/** Runs a check on a fresh copy of a tree. `prepare` changes the copy first: it is not the tree it came from. */
export async function runCheck(
  lab: Lab,
  request: {
    readonly check: Check;
    readonly directory: string;
    readonly dependencies: Dependencies;
    readonly prepare?: (tree: string) => Promise<void>;
  },
): Promise<CheckRun> {
  return inScratch(async (scratch) => {
    await chmod(scratch, 0o755);
    const tree = join(scratch, 'tree');
    await mkdir(tree);
    await copyTree(request.directory, tree);
    await request.prepare?.(tree);
    const { check } = request;
    const packages = await showDependencies(tree, request.dependencies);
    const channel = check.report === undefined ? undefined : await openReportChannel(scratch, check.report);
    const start = performance.now();
    const outcome = await lab.sandbox.run({
      command: ['/bin/sh', '-c', commandOf(check.run, channel?.path)],
      directory: tree,
      mounts: [...lab.toolchain.mounts, ...packages, ...(channel ? [channel.mount] : [])],
      environment: environmentOf(lab.toolchain),
      network: 'none',
      limits: limitsFor(check.timeoutSeconds),
      ...(lab.signal ? { signal: lab.signal } : {}),
    });
    const seconds = (performance.now() - start) / 1000;
    const written = await channel?.close();
    const coverage = check.coverage === undefined ? undefined : await readUntrusted(tree, check.coverage);
    return {
      ended: outcome.ended,
      status: outcome.status,
      seconds,
      truncated: outcome.truncated,
      report:
        check.report === undefined || written === undefined
          ? { kind: 'undeclared' }
          : readReport(check.report, written),
      ...(coverage === undefined ? {} : { coverage }),
      said: lastWords(outcome),
    };
  });
}

/**
 * `$REPORT` is a variable of the shell, not of the environment, so that the tests do not simply read it. A command
 * that does not name it (`npm test`, with the script naming it) needs it in the environment.
 */
function commandOf(command: string, report: string | undefined): string {
  if (report === undefined) return command;
  const assignment = /\$(REPORT\b|\{REPORT\b)/.test(command) ? `REPORT=${report}` : `export REPORT=${report}`;
  return `${assignment}\n${command}`;
}

/** What it said last; a line that names an error comes first, for stacks are long and the cause is above them. */
function lastWords({ stdout, stderr }: SandboxOutcome): string {
  const lines = [stderr, stdout].flatMap((text) => withoutColour(text).trim().split('\n'));
  const cause = lines.findLast(
    (line) => /\b\w*error\b\W|not found|cannot find|no such/i.test(line) && !/^\s+at /.test(line),
  );
  const tail = lines.filter((line) => line.trim() !== '' && !/^\s+at /.test(line)).slice(-12);
  return [...new Set([...(cause === undefined ? [] : [cause]), ...tail])].join('\n').slice(0, 2000);
}

/** A name no code under test can know before the run. */
export function unguessable(): string {
  return randomBytes(8).toString('hex');
}
