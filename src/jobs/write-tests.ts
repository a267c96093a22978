import { applyEdits } from '../domain/edits.ts';
import { newestSpec } from '../domain/feature/state.ts';
import { GiveUp } from '../errors.ts';
import { testerPrompt } from '../prompts/tester.ts';
import { linksOf, readChange, readerOf } from './common/files.ts';
import type { FeatureJob, JobContext, Tools } from './common/job.ts';
import { checkoutOf, gather } from './common/material.ts';
import { think } from './common/think.ts';

/** Writes a test for every criterion, before any code. */
export function writeTests(tools: Tools): FeatureJob {
  return async (context) => {
    const { state, job } = context;
    const version = newestSpec(state);
    if (!version || !state.plan) throw new GiveUp(`Writing the tests of ${state.id}: there is no plan.`);
    const { directory, history } = await checkoutOf(tools, context);
    const material = await gather(tools, context, { directory, history });
    const read = readerOf(directory);
    const isLink = linksOf(directory);
    const rejected = await rejectedTests(tools, context);
    const prompt = testerPrompt({
      ...material,
      version: version.version,
      attempt: state.attempts.length + 1,
      spec: version.spec,
      plan: state.plan.plan,
      read,
      isLink,
      ...(rejected && { rejected }),
    });
    const { answer, thinking } = await think(tools, context, prompt);
    const { tests, edits } = prompt.read(answer);
    const applied = applyEdits(read, edits, { isLink });
    if ('problems' in applied) throw new GiveUp(`Writing the tests of ${state.id}: the edits do not apply.`);
    return {
      type: 'tests-written',
      key: job.key,
      tests,
      change: await tools.blobs.put(JSON.stringify(applied.files)),
      paths: applied.files.map((file) => file.path),
      thinking,
      notes: material.notes,
    };
  };
}

/** The tests of an earlier attempt that did not tell the change from the base commit, and why. */
async function rejectedTests({ blobs }: Tools, { state }: JobContext) {
  const proof = state.attempts.at(-1)?.proof;
  if (!state.tests || !proof) return undefined;
  const files = (await readChange(blobs, state.tests.change)).flatMap(({ path, content }) =>
    content === null ? [] : [{ path, content }],
  );
  const because = proof.criteria
    .filter((criterion) => criterion.base !== 'red' || criterion.head === 'absent')
    .map(
      (criterion) =>
        `${criterion.id}, ${criterion.test}: ${criterion.base} on base, ${criterion.head} with the change.`,
    );
  return { files, because: because.join('\n') };
}
