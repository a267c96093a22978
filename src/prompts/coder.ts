import { z } from 'zod';
import type { Edit } from '../domain/change.ts';
import type { CriterionTest, Plan, Task } from '../domain/feature/plan.ts';
import type { Spec } from '../domain/feature/spec.ts';
import { fence } from '../domain/fence.ts';
import type { Failure } from '../domain/proof.ts';
import { editProblems, editRules, type IsLink, type ReadFile, wireEdits } from './edit.ts';
import { fenceRule } from './fence.ts';
import {
  type File,
  failuresAsText,
  filesAsText,
  planAsText,
  type Repository,
  repositoryFacts,
  type Said,
  specAsText,
  taskAsText,
  testsAsText,
  thread,
} from './material.ts';
import { checked, conversation, listed, type Prompt } from './prompt.ts';

const system = `You are Slipway's coder.
You change code by edits alone; you run nothing. The tests of the criteria are written already. Your change is proved by running them and every test that passed before, so read the criteria to the letter: exact values, and what happens exactly at a limit.

Do what you are asked now and nothing else: the smallest whole change, in the style of the code around it, with the signatures of the plan. No new dependency, no comment about the task, no change to tests, to protected files or to the configuration of the checks. Every added line that can run should be run by the tests.

summary: what changed, in one sentence for the reviewer.
${editRules}

${fenceRule}
Answer with JSON: {"summary": "…", "edits": […]}`;

const wire = z.object({ summary: z.string(), edits: wireEdits });
type Wire = z.infer<typeof wire>;

type Common = {
  readonly marker: string;
  readonly attempt: number;
  readonly said: Said;
  readonly spec: Spec;
  readonly plan: Plan;
  readonly tests: readonly CriterionTest[];
  /** The files the tester wrote. */
  readonly testFiles: readonly File[];
  readonly repository: Repository;
  readonly context: string;
  /** Current content of the files the coder will need to edit. */
  readonly files: readonly File[];
  /** Any file as it is now, with what this attempt has done so far. */
  readonly read: ReadFile;
  readonly isLink: IsLink;
};
export type CoderInput = Common & {
  readonly task: Task;
  /** For an attempt that starts anew: what the ones before came to. */
  readonly before?: readonly {
    readonly attempt: number;
    readonly because: string;
    readonly failing: readonly string[];
  }[];
};
export type RepairInput = Common & { readonly failures: readonly Failure[] };
export type Coded = { readonly summary: string; readonly edits: readonly Edit[] };

/** Asks for one task of the plan. */
export function coderPrompt(input: CoderInput): Prompt<'coder', Wire, Coded> {
  const { marker, attempt, task, before = [] } = input;
  const tried = before.map(
    ({ attempt: number, because, failing }) =>
      `Attempt ${number}: ${because}${failing.length > 0 ? `\n${listed(failing)}` : ''}`,
  );
  return promptOf(input, `Attempt ${attempt}, task ${task.id}.`, [
    tried.length > 0
      ? fence({ marker, label: 'earlier attempts, thrown away', text: tried.join('\n') })
      : undefined,
    tried.length > 0 ? 'Their code is gone. Find another way than the one that failed.' : undefined,
    fence({ marker, label: 'your task', text: taskAsText(task) }),
    `Do task ${task.id} now. The tasks before it are done.`,
  ]);
}

/** Asks to mend a change that failed its proof. */
export function repairPrompt(input: RepairInput): Prompt<'coder', Wire, Coded> {
  return promptOf(input, `Attempt ${input.attempt}, repair.`, [
    failuresAsText(input.failures, input.marker),
    'The last attempt left the code as it is shown, and it failed as listed. Mend the cause in the code, do what is missing of the plan, and keep what works.',
  ]);
}

function promptOf(
  input: Common,
  about: string,
  sections: readonly (string | undefined)[],
): Prompt<'coder', Wire, Coded> {
  const { marker, said, spec, plan, tests, testFiles, repository, context, files, read, isLink } = input;
  const testPaths = new Set([...tests.map(({ file }) => file), ...testFiles.map(({ path }) => path)]);
  const forbidden = (path: string) => {
    if (testPaths.has(path)) return `${path} holds the tests of the criteria; leave it as it is.`;
    return repository.isProtected(path) ? `${path} is protected; leave it as it is.` : undefined;
  };
  return {
    role: 'coder',
    messages: conversation({
      system,
      about,
      marker,
      sections: [
        thread(said, marker),
        specAsText(spec, marker, 'spec, approved'),
        planAsText(plan, marker),
        testsAsText(tests, marker),
        filesAsText(testFiles, marker, 'test file'),
        repositoryFacts(repository, marker),
        context,
        filesAsText(files, marker, 'current content of'),
        ...sections,
      ],
    }),
    answer: {
      name: 'edits',
      schema: checked(wire, (answer) => editProblems(answer.edits, { read, isLink, forbidden })),
    },
    read: (answer) => answer,
  };
}
