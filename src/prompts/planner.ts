import { z } from 'zod';
import { checkPath } from '../domain/edits.ts';
import { type Plan, plan } from '../domain/feature/plan.ts';
import type { Spec } from '../domain/feature/spec.ts';
import { fenceRule } from './fence.ts';
import { type Repository, repositoryFacts, type Said, specAsText, thread } from './material.ts';
import { checked, conversation, type Prompt, problemsIn, strings } from './prompt.ts';

const system = `You are Slipway's planner.
You cut an approved spec into small tasks, in the order they are built. A coder does one task in one answer, seeing the spec, this plan, the files of its task and what earlier tasks left; the code must be whole after every task.

As few tasks as stay small: one is enough for a change of a few dozen lines in one place, twelve are the most.
title: what is done, beginning with a verb. files: every path the task changes or creates. signatures: the exported names it adds or changes, with full types, exactly as later tasks and the tests will use them. criteria: the ids it serves; every criterion is served by some task.
Plan no tests: they are written before the code, by someone else, against your signatures. Plan no change of protected files and no new dependency. Follow the patterns the spec names.
summary: the approach in one or two sentences, for the person who approves it.

${fenceRule}
Answer with JSON: {"summary": "…", "tasks": [{"title", "files": [], "signatures": [], "criteria": []}]}`;

const wire = z.object({
  summary: z.string(),
  tasks: z.array(z.object({ title: z.string(), files: strings, signatures: strings, criteria: strings })),
});
type Wire = z.infer<typeof wire>;

export type PlannerInput = {
  readonly marker: string;
  readonly version: number;
  readonly said: Said;
  readonly spec: Spec;
  readonly repository: Repository;
  readonly context: string;
};

/** Asks for the tasks of an approved spec. */
export function plannerPrompt(input: PlannerInput): Prompt<'planner', Wire, Plan> {
  const { marker, version, said, spec, repository, context } = input;
  return {
    role: 'planner',
    messages: conversation({
      system,
      about: `Plan for spec version ${version}.`,
      marker,
      sections: [
        thread(said, marker),
        specAsText(spec, marker, `spec version ${version}, approved`),
        repositoryFacts(repository, marker),
        context,
      ],
    }),
    answer: { name: 'plan', schema: checked(wire, (answer) => problemsOf(answer, input)) },
    read: numbered,
  };
}

function numbered(answer: Wire): Plan {
  return {
    summary: answer.summary,
    tasks: answer.tasks.map((task, index) => ({ id: `T-${index + 1}`, ...task })),
  };
}

function problemsOf(answer: Wire, input: PlannerInput): readonly string[] {
  const ids = input.spec.criteria.map(({ id }) => id);
  const served = new Set(answer.tasks.flatMap((task) => task.criteria));
  return [
    ...problemsIn(plan, numbered(answer)),
    ...ids.filter((id) => !served.has(id)).map((id) => `No task serves ${id}.`),
    ...[...served].filter((id) => !ids.includes(id)).map((id) => `The spec has no criterion ${id}.`),
    ...numbered(answer).tasks.flatMap((task) =>
      task.files.flatMap((path) => {
        const wrong = checkPath(path);
        if (wrong !== undefined) return [`${task.id}: ${wrong}`];
        return input.repository.isProtected(path)
          ? [`${task.id}: ${path} is protected; do without changing it.`]
          : [];
      }),
    ),
  ];
}
