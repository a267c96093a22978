import type { InputBlock } from '@slack/types';
import type { Criterion } from '../../../domain/feature/spec.ts';
import { textInput } from '../parts.ts';
import { type Read, typed, type Values } from '../values.ts';
import { oneLine, shownLength } from './one-line.ts';

/** A field starts with at most this much of Slack's 3,000 characters, so that there is room to write. */
const roomPerField = 2_200;
const most = 20;

/** Criteria too long for a field stay as they are. */
export function isEditable(criterion: Criterion): boolean {
  return shownLength(lineOf(criterion)) <= roomPerField;
}

function lineOf({ id, text }: Criterion): string {
  return `${id}: ${oneLine(text)}`;
}

/** Criteria as lines "AC-1: text", in as many fields as they need. */
export function criteriaFields(criteria: readonly Criterion[]): readonly InputBlock[] {
  const pages: string[][] = [[]];
  for (const line of criteria.filter(isEditable).map(lineOf)) {
    const page = pages.at(-1) ?? [];
    if (shownLength([...page, line].join('\n')) > roomPerField) pages.push([line]);
    else page.push(line);
  }
  return pages.map((page, index) =>
    textInput({
      name: `criteria-${index + 1}`,
      label: `Acceptance criteria, one per line${pages.length > 1 ? ` (${index + 1} of ${pages.length})` : ''}`,
      ...(index === 0 && {
        hint: 'A line keeps its id, as in "AC-1: …"; a line without one is new and takes the next number.',
      }),
      initial: page.join('\n'),
      multiline: true,
      optional: true,
    }),
  );
}

/** What the criteria of the next version follow from. */
type Edit = {
  readonly current: readonly Criterion[];
  /** The ids of all versions: a criterion keeps its id for ever, so no number is given twice. */
  readonly ids: readonly string[];
  /** The version that was edited. */
  readonly seen: number;
};

/** The criteria as they were typed, with those that were too long for the dialog where they were. */
export function readCriteria(edit: Edit, values: Values): Read<readonly Criterion[]> {
  const blocks = Object.keys(values)
    .filter((block) => /^criteria-\d+$/.test(block))
    .sort((one, other) => numberIn(one) - numberIn(other));
  const typedLines = blocks.flatMap((block) =>
    typed(values, block)
      .split('\n')
      .map(oneLine)
      .filter(Boolean)
      .map((line): TypedLine => ({ block, line, ...readLine(line) })),
  );
  const criteria = withIds(edit, typedLines);
  for (const [at, criterion] of edit.current.entries()) {
    if (!isEditable(criterion)) criteria.splice(at, 0, criterion);
  }
  const errors: Record<string, string> = {};
  for (const [at, typedLine] of typedLines.entries()) {
    const problem = problemOf(edit, typedLine, typedLines.slice(0, at));
    if (problem) errors[typedLine.block] ??= problem;
  }
  const first = blocks[0] ?? 'criteria-1';
  if (criteria.length === 0) errors[first] ??= 'Leave at least one criterion.';
  if (criteria.length > most) errors[first] ??= `At most ${most} criteria; there are ${criteria.length}.`;
  return Object.keys(errors).length > 0 ? { errors } : { value: criteria };
}

type TypedLine = {
  readonly block: string;
  readonly line: string;
  readonly id: string | undefined;
  readonly text: string;
};

function numberIn(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0);
}

function readLine(line: string): Pick<TypedLine, 'id' | 'text'> {
  const [, id, text] = /^(AC-\d+)(?:\s*[:.)–-]\s*|\s+|$)(.*)$/i.exec(line) ?? [];
  return id === undefined || text === undefined
    ? { id: undefined, text: line }
    : { id: id.toUpperCase(), text };
}

function problemOf(
  edit: Edit,
  { id, text, line }: TypedLine,
  before: readonly TypedLine[],
): string | undefined {
  if (id === undefined) return undefined;
  const known = edit.current.find((criterion) => criterion.id === id);
  if (!known) {
    return `${id} is not in spec v${edit.seen}; leave the id out, and a new line takes the next number.`;
  }
  if (text === '') return `${line} has no text; take the line out to remove the criterion.`;
  if (!isEditable(known) || before.some((earlier) => earlier.id === id)) {
    return `${id} is there twice; a criterion has one line.`;
  }
  return undefined;
}

/** What was left alone stays to the letter; a new line takes a number that no version ever used. */
function withIds(edit: Edit, typedLines: readonly TypedLine[]): Criterion[] {
  let last = Math.max(0, ...edit.ids.map(numberIn));
  return typedLines.map(({ id, text }) => {
    if (id === undefined) return { id: `AC-${++last}`, text };
    const old = edit.current.find((criterion) => criterion.id === id);
    return old && oneLine(old.text) === text ? old : { id, text };
  });
}
