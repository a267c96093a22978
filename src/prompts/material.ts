import type { CriterionTest, Plan, Task } from '../domain/feature/plan.ts';
import type { Spec } from '../domain/feature/spec.ts';
import type { FeatureState, Note, Request } from '../domain/feature/state.ts';
import { fence, oneLine } from '../domain/fence.ts';
import type { Failure } from '../domain/proof.ts';
import type { Workflow } from '../domain/workflow.ts';
import { listed } from './prompt.ts';

/** What has been said. All text must have passed the secret scanner. */
export type Said = {
  readonly request: Request;
  readonly rounds: FeatureState['rounds'];
  /** Only those that count are shown: nobody but the requester, or who the requester agreed with, steers a model. */
  readonly notes: readonly Note[];
};

export type Repository = {
  /** `owner/name`. */
  readonly name: string;
  readonly workflow: Workflow;
  /** As locked on the base commit. */
  readonly dependencies: readonly { readonly name: string; readonly version: string }[];
  /** Does `.slipway.yml` protect this path? */
  readonly isProtected: (path: string) => boolean;
};

export type File = { readonly path: string; readonly content: string };

/** The request, the answers and the notes, each fenced and labelled by whose words they are. */
export function thread(said: Said, marker: string): string {
  const { request, rounds, notes } = said;
  const answers = rounds.flatMap((round) =>
    round.questions.map((question) => {
      const given = round.answers.find(
        ({ question: asked }) => asked === question.id || asked === question.text,
      );
      return `${oneLine(question.text)}\n  ${given?.answer ?? `${question.default} (assumed)`}`;
    }),
  );
  return [
    fence({ marker, label: `request, from the requester ${request.by.name}`, text: request.words }),
    ...(answers.length > 0
      ? [fence({ marker, label: 'answers, from the requester', text: listed(answers) })]
      : []),
    ...notes
      .filter((note) => note.standing === 'counts')
      .map((note) => {
        const whose =
          note.by.id === request.by.id
            ? `from the requester ${note.by.name}`
            : `from ${note.by.name}, accepted by the requester`;
        const label = `note, ${whose}${note.read ? ', considered before' : ''}`;
        return fence({ marker, label, text: note.text });
      }),
  ].join('\n\n');
}

export function repositoryFacts(repository: Repository, marker: string): string {
  const { workflow } = repository;
  const text = [
    `name: ${repository.name}`,
    `checks:\n${listed(workflow.checks.map((check) => `${check.name}: ${check.run}`))}`,
    `protected, never to be changed:\n${workflow.protected.length > 0 ? listed(workflow.protected) : '- nothing'}`,
    `high risk: ${workflow.risk.high.join(', ') || 'nothing named'}`,
    `low risk: ${workflow.risk.low.join(', ') || 'nothing named'}`,
    `at most ${workflow.thresholds.changedLines} changed lines; tests must cover ${workflow.thresholds.diffCoverage} % of the added ones`,
    `dependencies, exactly: ${repository.dependencies.map(({ name, version }) => `${name}@${version}`).join(', ') || 'none'}`,
  ];
  return fence({ marker, label: 'repository facts, from the base branch', text: text.join('\n') });
}

/** The spec as it was approved, or as it is to be revised. */
export function specAsText(spec: Spec, marker: string, label: string): string {
  return fence({ marker, label, text: JSON.stringify(spec, null, 1) });
}

export function planAsText(plan: Plan, marker: string): string {
  return fence({ marker, label: 'plan', text: [plan.summary, ...plan.tasks.map(taskAsText)].join('\n') });
}

export function taskAsText(task: Task): string {
  return [
    `${task.id} ${task.title}`,
    `  files: ${task.files.join(', ')}`,
    ...(task.signatures.length > 0 ? [`  signatures: ${task.signatures.join('; ')}`] : []),
    `  criteria: ${task.criteria.join(', ')}`,
  ].join('\n');
}

export function testsAsText(tests: readonly CriterionTest[], marker: string): string {
  const text = listed(tests.map((test) => `${test.criterion}: ${test.file}: ${test.name}`));
  return fence({ marker, label: 'tests of the criteria', text });
}

/** Files exactly as they are, so that a search can be copied from them. */
export function filesAsText(files: readonly File[], marker: string, what: string): string {
  return files
    .map(({ path, content }) =>
      fence({ marker, label: `${what} ${path}`, text: content === '' ? '(empty)' : content }),
    )
    .join('\n\n');
}

/** Output of tests is untrusted: a test can print instructions. */
export function failuresAsText(failures: readonly Failure[], marker: string): string {
  const text = failures.map((failure) =>
    [
      `${failure.gate}${failure.test ? `: ${failure.test}` : ''}`,
      `  ${failure.message}`,
      ...(failure.expected === undefined ? [] : [`  expected: ${failure.expected}`]),
      ...(failure.received === undefined ? [] : [`  received: ${failure.received}`]),
      ...(failure.at === undefined ? [] : [`  at: ${failure.at}`]),
      ...(failure.excerpt === undefined ? [] : [failure.excerpt]),
    ].join('\n'),
  );
  return fence({ marker, label: 'failures, from the proof', text: text.join('\n\n') });
}
