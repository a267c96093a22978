import { z } from 'zod';
import { checkPath } from '../domain/edits.ts';
import { type Part, part, risks, type Spec, spec } from '../domain/feature/spec.ts';
import { fenceRule } from './fence.ts';
import { type Repository, repositoryFacts, type Said, specAsText, thread } from './material.ts';
import { checked, conversation, type Prompt, problemsIn, repeated, strings } from './prompt.ts';

const system = `You are Slipway's specifier.
You write the contract for one feature: what is asked for, before anyone says how. People approve it, tests are written from it alone, and code is judged by those tests; so every criterion must be checkable by one who has read nothing else.

goal: who gets what, and why, in at most three sentences. When that is not enough, the request is too large: answer with "spec": null and two to six "parts", each of use by itself, in the order they should be built, its "words" a complete request. Otherwise "parts" is null.
criteria: AC-1, AC-2, and so on. Each is one observable behaviour in one sentence, with exact values and what happens exactly at a limit. Each must be untrue today, so that a test of it fails on the present code; what must stay as it is belongs in "constraints".
When you revise: keep what was not asked to change word for word, and the flag. A criterion keeps its id for ever; drop one only when that was asked for; a new one takes the number after the highest ever used.
inputs, outputs: what goes in and comes out, with types and units. outOfScope: what a reader might expect and will not get.
patterns: existing code to follow, as "path: what to take from it"; only paths you were shown. files: the paths that will likely be touched; never protected ones, never tests.
risk: low when nobody loses money, data or access if it is wrong; high for payments, permissions, personal data, deletion, or a path named as high risk; else medium. Say why in one sentence.
flag: a short name in kebab-case. estimate: dollars of model use and minutes until the pull request.
Take the request at its word: add no behaviour that nobody asked for.

${fenceRule}
Answer with JSON: {"spec": {"title", "goal", "inputs": [], "outputs": [], "criteria": [{"id", "text"}], "constraints": [], "outOfScope": [], "patterns": [], "risk": {"level": "low|medium|high", "because"}, "flag", "files": [], "estimate": {"dollars", "minutes"}} or null, "parts": [{"title", "words"}] or null}`;

const wireSpec = z.object({
  title: z.string().describe('At most 120 characters.'),
  goal: z.string().describe('At most three sentences.'),
  inputs: strings,
  outputs: strings,
  criteria: z.array(z.object({ id: z.string().describe('AC-1, AC-2, …'), text: z.string() })),
  constraints: strings,
  outOfScope: strings,
  patterns: strings,
  risk: z.object({ level: z.enum(risks), because: z.string() }),
  flag: z.string().describe('kebab-case'),
  files: strings,
  estimate: z.object({ dollars: z.number(), minutes: z.number() }),
});
const wire = z.object({
  spec: wireSpec.nullable(),
  parts: z.array(z.object({ title: z.string(), words: z.string() })).nullable(),
});
type WireSpec = z.infer<typeof wireSpec>;
type Wire = z.infer<typeof wire>;

export type SpecifierInput = {
  readonly marker: string;
  /** The number the new version will have. */
  readonly version: number;
  readonly said: Said;
  readonly repository: Repository;
  readonly context: string;
  /** All versions so far, oldest first. */
  readonly earlier: readonly Spec[];
  /** A person decided that the request stays in one piece. */
  readonly keepWhole: boolean;
};
export type Specified =
  | { readonly kind: 'spec'; readonly spec: Spec }
  | { readonly kind: 'split'; readonly parts: readonly Part[] };

/** Asks for a spec or its next version, or for the parts of a request that is too large. */
export function specifierPrompt(input: SpecifierInput): Prompt<'specifier', Wire, Specified> {
  const { marker, version, said, repository, context, earlier } = input;
  const previous = earlier.at(-1);
  return {
    role: 'specifier',
    messages: conversation({
      system,
      about: `Spec version ${version}.`,
      marker,
      sections: [
        thread(said, marker),
        previous && specAsText(previous, marker, `spec version ${version - 1}`),
        repositoryFacts(repository, marker),
        context,
        previous &&
          `Write version ${version}: version ${version - 1} with what the notes ask for; those considered before are in it already. The highest criterion ever used is AC-${highest(earlier)}.`,
        input.keepWhole ? 'The request stays in one piece: a person decided not to split it.' : undefined,
      ],
    }),
    answer: { name: 'spec', schema: checked(wire, (answer) => problemsOf(answer, input)) },
    read: (answer) =>
      answer.spec
        ? { kind: 'spec', spec: withValidation(answer.spec, repository) }
        : { kind: 'split', parts: answer.parts ?? [] },
  };
}

/** Which commands must pass is the repository's word, not the model's. */
function withValidation(answer: WireSpec, repository: Repository): Spec {
  return { ...answer, validation: repository.workflow.checks.map((check) => check.run) };
}

function problemsOf(answer: Wire, input: SpecifierInput): readonly string[] {
  if (answer.spec && answer.parts) return ['There are a spec and parts; one of them must be null.'];
  if (answer.spec) return specProblems(withValidation(answer.spec, input.repository), input);
  if (!answer.parts) return ['There is neither a spec nor parts.'];
  if (input.keepWhole) return ['The request stays in one piece; write one spec for all of it.'];
  if (answer.parts.length < 2 || answer.parts.length > 6) {
    return [`A split has two to six parts, not ${answer.parts.length}.`];
  }
  return answer.parts.flatMap((each, index) =>
    problemsIn(part, each).map((problem) => `Part ${index + 1} ${problem}`),
  );
}

function specProblems(answer: Spec, input: SpecifierInput): readonly string[] {
  const sentences = [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(answer.goal.trim())];
  const paths = answer.files.flatMap((path) => {
    const wrong = checkPath(path);
    if (wrong !== undefined) return [`files: ${wrong}`];
    return input.repository.isProtected(path)
      ? [`files: ${path} is protected; plan without changing it.`]
      : [];
  });
  return [
    ...problemsIn(spec, answer),
    ...(sentences.length > 3
      ? [`The goal has ${sentences.length} sentences; it has at most three, else propose parts.`]
      : []),
    ...repeated(answer.criteria.map(({ id }) => id)).map((id) => `${id} is there twice.`),
    ...(input.earlier.length === 0 ? firstNumbering(answer) : laterNumbering(answer, input.earlier)),
    ...paths,
  ];
}

function firstNumbering(answer: Spec): readonly string[] {
  return answer.criteria.flatMap(({ id }, index) =>
    id === `AC-${index + 1}` ? [] : [`Criterion ${index + 1} is called ${id}; call it AC-${index + 1}.`],
  );
}

function laterNumbering(answer: Spec, earlier: readonly Spec[]): readonly string[] {
  const previous = earlier.at(-1);
  const known = new Map(previous?.criteria.map(({ id, text }) => [id, text]));
  const added = answer.criteria.filter(({ id }) => !known.has(id));
  const renumbered = answer.criteria.flatMap(({ id, text }) => {
    const before = [...known].find(([, knownText]) => knownText === text)?.[0];
    return before === undefined || before === id ? [] : [`${id} was called ${before}; it keeps that id.`];
  });
  const misnumbered = added.flatMap(({ id }, index) => {
    const next = `AC-${highest(earlier) + index + 1}`;
    return id === next ? [] : [`The new criterion ${id} must be called ${next}; ids are never used again.`];
  });
  const flag =
    previous && previous.flag !== answer.flag
      ? [`The flag was called ${previous.flag}; it keeps that name.`]
      : [];
  return [...renumbered, ...(renumbered.length > 0 ? [] : misnumbered), ...flag];
}

function highest(earlier: readonly Spec[]): number {
  const numbers = earlier.flatMap(({ criteria }) => criteria.map(({ id }) => Number(id.slice('AC-'.length))));
  return Math.max(0, ...numbers);
}
