import type { InputBlock } from '@slack/types';
import type { Criterion } from '../../../domain/feature/spec.ts';
import { textInput } from '../parts.ts';
import { type Read, typed, type Values } from '../values.ts';
import { oneLine, shownLength } from './one-line.ts';

/** A field starts with at most this much of Slack's 3,000 characters, so that there is room to write. */
const roomPerField = 2_200;
const mostCriteria = 20;

/** A criterion as it was typed: with the id of an old one, or new. */
export type CriterionLine = { readonly id: string | undefined; readonly text: string };

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

/** The lines of a submitted dialog; `fixed` criteria were too long for it and are kept besides. */
export function readCriteria(fixed: number, values: Values): Read<readonly CriterionLine[]> {
  const errors: Record<string, string> = {};
  const ids = new Set<string>();
  const typedLines: CriterionLine[] = [];
  const blocks = Object.keys(values)
    .filter((block) => /^criteria-\d+$/.test(block))
    .sort((one, other) => numberIn(one) - numberIn(other));
  for (const block of blocks) {
    for (const line of typed(values, block).split('\n').map(oneLine).filter(Boolean)) {
      const criterion = readLine(line);
      if (criterion.text === '') {
        errors[block] ??= `${line} has no text; take the line out to remove the criterion.`;
      }
      if (criterion.id !== undefined && ids.has(criterion.id)) {
        errors[block] ??= `${criterion.id} is there twice; a criterion has one line.`;
      }
      if (criterion.id !== undefined) ids.add(criterion.id);
      typedLines.push(criterion);
    }
  }
  const first = blocks[0] ?? 'criteria-1';
  const total = typedLines.length + fixed;
  if (total === 0) errors[first] ??= 'Leave at least one criterion.';
  if (total > mostCriteria) errors[first] ??= `At most ${mostCriteria} criteria; there are ${total}.`;
  return Object.keys(errors).length > 0 ? { errors } : { value: typedLines };
}

function numberIn(block: string): number {
  return Number(block.slice('criteria-'.length));
}

function readLine(line: string): CriterionLine {
  const [, id, text] = /^(AC-\d+)(?:\s*[:.)–-]\s*|\s+|$)(.*)$/i.exec(line) ?? [];
  return id === undefined || text === undefined
    ? { id: undefined, text: line }
    : { id: id.toUpperCase(), text };
}

/**
 * The criteria of the next version. An id of the edited version is kept; everything else takes a number that no
 * version ever used, since a criterion keeps its id for ever. What was left alone stays to the letter.
 */
export function applyCriteria(
  edit: {
    readonly current: readonly Criterion[];
    /** The ids of all versions. */
    readonly ids: readonly string[];
  },
  typedLines: readonly CriterionLine[],
): Criterion[] {
  const known = new Map(edit.current.map((criterion) => [criterion.id, criterion]));
  let last = Math.max(0, ...edit.ids.map((id) => Number(id.slice('AC-'.length)) || 0));
  const criteria = typedLines.map(({ id, text }): Criterion => {
    const old = id === undefined ? undefined : known.get(id);
    if (old === undefined) return { id: `AC-${++last}`, text };
    return oneLine(old.text) === text ? old : { id: old.id, text };
  });
  for (const [at, criterion] of edit.current.entries()) {
    if (!isEditable(criterion)) criteria.splice(at, 0, criterion);
  }
  return criteria;
}
