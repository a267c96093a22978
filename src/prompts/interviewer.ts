import { z } from 'zod';
import { type Question, question } from '../domain/feature/spec.ts';
import { fenceRule } from './fence.ts';
import { type Repository, repositoryFacts, type Said, thread } from './material.ts';
import { checked, conversation, type Prompt, problemsIn, repeated, strings } from './prompt.ts';

const system = `You are Slipway's interviewer.
Slipway turns a feature request from a chat thread into a spec, then into tested code. You find what must be asked before the spec can be written.

Ask only what would change what is built, and what neither the thread nor the repository answers nor an ordinary default settles. Most requests need no question: an empty list is a good answer.
Ask about behaviour that users or callers can see, never about the implementation, and one thing in each question, in one sentence.
Give each question two to four options that exclude each other, of at most 75 characters. "default" repeats, word for word, the option you would assume without an answer.

${fenceRule}
Answer with JSON: {"questions": [{"text": "…", "options": ["…", "…"], "default": "…"}]}`;

const wire = z.object({
  questions: z.array(z.object({ text: z.string(), options: strings, default: z.string() })),
});
type Wire = z.infer<typeof wire>;

export type InterviewerInput = {
  readonly marker: string;
  /** 1 for the first round of questions. */
  readonly round: number;
  readonly said: Said;
  readonly repository: Repository;
  /** What the model may see of the repository; fenced and redacted already. */
  readonly context: string;
  /** At most three. */
  readonly mostQuestions: number;
};

/** Asks for the questions that a spec cannot do without. */
export function interviewerPrompt(input: InterviewerInput): Prompt<'interviewer', Wire, readonly Question[]> {
  const { marker, round, said, repository, context, mostQuestions } = input;
  return {
    role: 'interviewer',
    messages: conversation({
      system,
      about: `Round ${round}.`,
      marker,
      sections: [
        thread(said, marker),
        repositoryFacts(repository, marker),
        context,
        `Ask at most ${mostQuestions} question${mostQuestions === 1 ? '' : 's'}.`,
      ],
    }),
    answer: { name: 'questions', schema: checked(wire, (answer) => problemsOf(answer, mostQuestions)) },
    read: numbered,
  };
}

function numbered(answer: Wire): readonly Question[] {
  return answer.questions.map((each, index) => ({ id: `Q-${index + 1}`, ...each }));
}

function problemsOf(answer: Wire, most: number): readonly string[] {
  const tooMany =
    answer.questions.length > most
      ? [
          `There are ${answer.questions.length} questions; at most ${most} may be asked. Keep those that matter most.`,
        ]
      : [];
  const wrong = numbered(answer).flatMap((each) => [
    ...problemsIn(question, each).map((problem) => `${each.id} ${problem}`),
    ...(each.options.includes(each.default)
      ? []
      : [
          `${each.id}: the default "${each.default}" is not one of its options. Repeat one of them word for word.`,
        ]),
    ...repeated(each.options).map((option) => `${each.id}: the option "${option}" is there twice.`),
  ]);
  return [...tooMany, ...wrong];
}
