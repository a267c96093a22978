import { z } from 'zod';
import type { Edit } from '../domain/change.ts';
import { applyEdits } from '../domain/edits.ts';
import { type CriterionTest, criterionTest, type Plan } from '../domain/feature/plan.ts';
import type { Spec } from '../domain/feature/spec.ts';
import { fence } from '../domain/fence.ts';
import { editProblems, editRules, type IsLink, type ReadFile, wireEdits } from './edit.ts';
import { fenceRule } from './fence.ts';
import {
  type File,
  filesAsText,
  planAsText,
  type Repository,
  repositoryFacts,
  type Said,
  specAsText,
  thread,
} from './material.ts';
import { checked, conversation, type Prompt, problemsIn, repeated } from './prompt.ts';

const system = `You are Slipway's tester.
You write the tests of an approved spec before its code exists. A criterion is proved when its test fails on the present code and passes on the finished one; you never see that code, so test what the criterion says, through the signatures of the plan, and nothing else.

At least one test for each criterion. Its title begins with the id ("AC-2: …") and is plain text, not composed at run time. Test the exact values, both sides of a limit and the limit itself.
Every test must fail now, by its assertion. A file that does not load fails no test: import what does not exist yet inside the test (await import(…)), what exists at the top.
Follow the repository's tests: runner, folder, naming, set-up. Put the tests in a new file unless one for the same unit exists; change no existing test. No network, no sleeping, no real clock, no chance.

tests: for each, the criterion, the file, and the full name as the runner reports it, suites and title joined with " > ".
${editRules}

${fenceRule}
Answer with JSON: {"tests": [{"criterion", "file", "name"}], "edits": […]}`;

const wire = z.object({
  tests: z.array(z.object({ criterion: z.string(), file: z.string(), name: z.string() })),
  edits: wireEdits,
});
type Wire = z.infer<typeof wire>;

export type TesterInput = {
  readonly marker: string;
  readonly version: number;
  /** The attempt these tests are for: 1 before any code was written. */
  readonly attempt: number;
  readonly said: Said;
  readonly spec: Spec;
  readonly plan: Plan;
  readonly repository: Repository;
  readonly context: string;
  /** Files as they are on the base commit, without earlier tests of ours. */
  readonly read: ReadFile;
  readonly isLink: IsLink;
  /** Tests that did not prove what they should. */
  readonly rejected?: { readonly files: readonly File[]; readonly because: string };
};
export type Tests = { readonly tests: readonly CriterionTest[]; readonly edits: readonly Edit[] };

/** Asks for a test of every criterion, before any code. */
export function testerPrompt(input: TesterInput): Prompt<'tester', Wire, Tests> {
  const { marker, version, attempt, said, spec, plan, repository, context, rejected } = input;
  return {
    role: 'tester',
    messages: conversation({
      system,
      about: `Tests for spec version ${version}, attempt ${attempt}.`,
      marker,
      sections: [
        thread(said, marker),
        specAsText(spec, marker, `spec version ${version}, approved`),
        planAsText(plan, marker),
        repositoryFacts(repository, marker),
        context,
        rejected && filesAsText(rejected.files, marker, 'rejected test file'),
        rejected && fence({ marker, label: 'why they were rejected', text: rejected.because }),
        rejected && 'The rejected files are not in the repository any more. Write all tests again, better.',
      ],
    }),
    answer: { name: 'tests', schema: checked(wire, (answer) => problemsOf(answer, input)) },
    read: (answer) => answer,
  };
}

function problemsOf(answer: Wire, input: TesterInput): readonly string[] {
  const ids = input.spec.criteria.map(({ id }) => id);
  const tested = new Set(answer.tests.map(({ criterion }) => criterion));
  const edits = editProblems(answer.edits, {
    read: input.read,
    isLink: input.isLink,
    forbidden: (path) => forbidden(path, input),
  });
  return [
    ...answer.tests.flatMap((test) => problemsIn(criterionTest, test)),
    ...ids.filter((id) => !tested.has(id)).map((id) => `No test names ${id}.`),
    ...[...tested].filter((id) => !ids.includes(id)).map((id) => `The spec has no criterion ${id}.`),
    ...repeated(answer.tests.map(({ file, name }) => `${file}: ${name}`)).map(
      (name) => `Two tests are called ${name}.`,
    ),
    ...edits,
    ...(edits.length > 0 ? [] : namingProblems(answer, input)),
  ];
}

function forbidden(path: string, input: TesterInput): string | undefined {
  if (input.repository.isProtected(path)) return `${path} is protected; leave it as it is.`;
  return isTestFile(path)
    ? undefined
    : `${path} does not look like a test file; write tests and nothing else.`;
}

/** A folder or a file name of one of the usual conventions. */
function isTestFile(path: string): boolean {
  return (
    /(^|\/)(tests?|specs?|__tests__|__fixtures__|fixtures|e2e|features)\//i.test(path) ||
    /[._-](test|spec)s?\.[^/]+$|(^|\/)test_[^/]+$|_test\.[^/]+$|Tests?\.[^/]+$/.test(path)
  );
}

/** A name that is nowhere in the file would be looked for in the report in vain. */
function namingProblems(answer: Wire, input: TesterInput): readonly string[] {
  const applied = applyEdits(input.read, answer.edits);
  const files = 'files' in applied ? applied.files : [];
  return answer.tests.flatMap(({ criterion, file, name }) => {
    const content = files.find(({ path }) => path === file)?.content ?? undefined;
    if (content === undefined)
      return [`The edits do not write ${file}, which should hold the test of ${criterion}.`];
    const titles = name.split(' > ');
    const missing = titles.filter((title) => !content.includes(title) && !content.includes(quoted(title)));
    return [
      ...missing.map((title) => `${file} holds no test or suite called "${title}".`),
      ...(titles.at(-1)?.startsWith(criterion)
        ? []
        : [`The title of "${name}" must begin with ${criterion}.`]),
    ];
  });
}

/** As it stands in a string literal with single quotes. */
function quoted(title: string): string {
  return title.replaceAll("'", "\\'");
}
