import type { ChangedFile } from '../domain/change.ts';
import { applyEdits } from '../domain/edits.ts';
import type { FeatureCommand } from '../domain/feature/commands.ts';
import { tasksOfAttempt } from '../domain/feature/next.ts';
import type { AttemptProof, FeatureState } from '../domain/feature/state.ts';
import { lastAttempt, newestSpec } from '../domain/feature/state.ts';
import type { ProofReport } from '../domain/proof.ts';
import { BadAnswer, GiveUp } from '../errors.ts';
import { coderPrompt, repairPrompt } from '../prompts/coder.ts';
import { linksOf, merged, readChange, readerOf } from './common/files.ts';
import type { FeatureJob, JobContext, Tools } from './common/job.ts';
import { checkoutOf, gather } from './common/material.ts';
import { think } from './common/think.ts';

/** Builds one task of the plan, or mends what the last proof found. */
export function build(tools: Tools): FeatureJob {
  return async (context) => {
    const { state } = context;
    const attempt = lastAttempt(state);
    const task = tasksOfAttempt(state)[attempt?.built ?? 0];
    if (!attempt || task === undefined) throw new GiveUp(`Building ${state.id}: no task is left.`);
    try {
      return await buildTask(tools, context, task);
    } catch (error) {
      if (!(error instanceof BadAnswer)) throw error;
      const prompt = await tools.blobs.put(error.message);
      return {
        type: 'not-built',
        key: context.job.key,
        task,
        proof: await unbuilt(tools, task, error),
        thinking: { cost: error.usage, prompt, answer: prompt },
        notes: [],
      };
    }
  };
}

async function buildTask(tools: Tools, context: JobContext, task: string): Promise<FeatureCommand> {
  const { state, job } = context;
  const checkout = await checkoutOf(tools, context);
  const before = await readChange(tools.blobs, lastAttempt(state)?.change);
  const read = readerOf(checkout.directory, before);
  const isLink = linksOf(checkout.directory);
  const request = await tools.workspace.withChange({ checkout, files: before }, (directory) =>
    promptOf(tools, context, { task, directory, history: checkout.history, read, isLink }),
  );
  const { answer, thinking } = await think(tools, context, request.prompt);
  const applied = applyEdits(read, request.prompt.read(answer).edits, { isLink });
  if ('problems' in applied) throw new GiveUp(`Building ${task} of ${state.id}: the edits do not apply.`);
  return {
    type: 'built',
    key: job.key,
    task,
    change: await tools.blobs.put(JSON.stringify(merged(before, applied.files))),
    context: request.contextRecord,
    thinking,
    notes: request.notes,
  };
}

async function promptOf(
  tools: Tools,
  context: JobContext,
  options: {
    readonly task: string;
    readonly directory: string;
    readonly history: Parameters<typeof gather>[2]['history'];
    readonly read: (path: string) => string | undefined;
    readonly isLink: (path: string) => boolean;
  },
) {
  const { state } = context;
  const version = newestSpec(state);
  const attempt = lastAttempt(state);
  if (!version || !state.plan || !state.tests || !attempt)
    throw new GiveUp(`Building ${state.id}: there is no plan.`);
  const { plan } = state.plan;
  const task = plan.tasks.find((candidate) => candidate.id === options.task);
  const named = task ? task.files : [...new Set(plan.tasks.flatMap((each) => each.files))];
  const material = await gather(tools, context, {
    directory: options.directory,
    history: options.history,
    named,
    ...(task && { words: task.title }),
  });
  const tests = await readChange(tools.blobs, state.tests.change);
  const common = {
    ...material,
    attempt: attempt.number,
    spec: version.spec,
    plan,
    tests: state.tests.tests,
    testFiles: tests.flatMap(present),
    files: await Promise.all(
      named.flatMap((path) => {
        const content = options.read(path);
        return content === undefined
          ? []
          : [material.redact(content).then((text) => ({ path, content: text }))];
      }),
    ),
    read: options.read,
    isLink: options.isLink,
  };
  const prompt = task
    ? coderPrompt({ ...common, task, before: earlierAttempts(state) })
    : repairPrompt({ ...common, failures: await lastFailures(tools, state) });
  return { prompt, contextRecord: material.contextRecord, notes: material.notes };
}

function present(file: ChangedFile): readonly { readonly path: string; readonly content: string }[] {
  return file.content === null ? [] : [{ path: file.path, content: file.content }];
}

function earlierAttempts(state: FeatureState) {
  return state.attempts.flatMap(({ number, proof }) =>
    proof ? [{ attempt: number, because: proof.because, failing: proof.failing }] : [],
  );
}

async function lastFailures({ blobs }: Tools, state: FeatureState): Promise<ProofReport['failures']> {
  const proof = state.attempts.findLast((attempt) => attempt.proof)?.proof;
  if (!proof) return [];
  const report: ProofReport = JSON.parse(await blobs.get(proof.report));
  return report.failures;
}

/** An attempt that ended before anything could run. */
async function unbuilt({ blobs }: Tools, task: string, error: BadAnswer): Promise<AttemptProof> {
  const what = task === 'repair' ? 'the repair' : `task ${task}`;
  const because = `The model was asked twice for ${what}, and neither answer can be used.`;
  const failure = { gate: 'edits', test: what, message: error.message };
  const report: Pick<ProofReport, 'verdict' | 'because' | 'failures'> = {
    verdict: 'fail',
    because,
    failures: [failure],
  };
  return {
    verdict: 'fail',
    because,
    report: await blobs.put(JSON.stringify(report)),
    checks: [],
    criteria: [],
    findings: [],
    failing: [`edits: ${what}`],
    failures: [{ test: what, message: error.message }],
    milliseconds: 0,
  };
}
