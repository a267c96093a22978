import type { KnownBlock, ModalView } from '@slack/types';
import type { Spec } from '../../../domain/feature/spec.ts';
import type { FeatureState, SpecVersion } from '../../../domain/feature/state.ts';
import { callbackId, encodeModal } from '../actions.ts';
import { context, plain, textInput } from '../parts.ts';
import { listed, safe } from '../text.ts';
import { type Read, typed, type Values } from '../values.ts';
import { criteriaFields, isEditable, readCriteria } from './criteria.ts';
import { oneLine, shownLength } from './one-line.ts';

const mostCharacters = 2_800;

const listFields = [
  { name: 'inputs', label: 'Inputs' },
  { name: 'outputs', label: 'Outputs' },
  { name: 'constraints', label: 'Constraints' },
  { name: 'outOfScope', label: 'Out of scope' },
] as const;
type ListName = (typeof listFields)[number]['name'];

/**
 * Edits what people agree on; risk, flag, files and checks stay as they are. What is too long
 * for a field of Slack's is named and stays as it is, rather than being cut.
 */
export function editSpecModal(state: FeatureState, version: number): ModalView {
  const spec = state.specs.find((candidate) => candidate.version === version)?.spec;
  return {
    type: 'modal',
    callback_id: callbackId('edit-spec'),
    private_metadata: encodeModal('edit-spec', { id: state.id, version }),
    title: plain(`Edit spec v${version}`),
    ...(spec && { submit: plain(`Save as spec v${version + 1}`) }),
    close: plain('Cancel'),
    blocks: spec ? fields(spec) : [context(`Spec v${version} is not on record.`)],
  };
}

function fields(spec: Spec): KnownBlock[] {
  const tooLong = [
    ...(isLong(spec.goal) ? ['the goal'] : []),
    ...spec.criteria.filter((criterion) => !isEditable(criterion)).map(({ id }) => id),
    ...listFields.filter(({ name }) => isLong(shown(spec[name]))).map(({ label }) => label.toLowerCase()),
  ];
  return [
    textInput({ name: 'title', label: 'Title', initial: spec.title, max: 120 }),
    ...(isLong(spec.goal)
      ? []
      : [
          textInput({
            name: 'goal',
            label: 'Goal, in at most three sentences',
            initial: spec.goal,
            multiline: true,
          }),
        ]),
    ...criteriaFields(spec.criteria),
    ...listFields
      .filter(({ name }) => !isLong(shown(spec[name])))
      .map(({ name, label }) =>
        textInput({
          name,
          label: `${label}, one per line`,
          initial: shown(spec[name]),
          optional: true,
          multiline: true,
        }),
      ),
    ...(tooLong.length > 0
      ? [context(`Too long to edit here, and kept as they are: ${safe(listed(tooLong), 400)}.`)]
      : []),
  ];
}

function shown(items: readonly string[]): string {
  return items.map(oneLine).join('\n');
}

function isLong(text: string): boolean {
  return shownLength(text) > mostCharacters;
}

/**
 * The spec that an edit of version `seen` makes, or a sentence for each field that cannot stay so. What was left
 * alone stays to the letter, so that its hash does.
 */
export function readSpecEdit(
  edit: { readonly specs: readonly SpecVersion[]; readonly seen: number },
  values: Values,
): Read<Spec> {
  const current = edit.specs.find(({ version }) => version === edit.seen)?.spec;
  if (!current)
    return { errors: { title: `Spec v${edit.seen} is not on record; look in the thread again.` } };
  const ids = edit.specs.flatMap(({ spec }) => spec.criteria.map(({ id }) => id));
  const title = typed(values, 'title');
  const goal = 'goal' in values ? typed(values, 'goal') : current.goal;
  const criteria = readCriteria({ current: current.criteria, ids, seen: edit.seen }, values);
  const errors = {
    ...(title === '' && { title: 'Give it a title.' }),
    ...(goal === '' && { goal: 'Say what it is for.' }),
    ...('errors' in criteria && criteria.errors),
  };
  if ('errors' in criteria || Object.keys(errors).length > 0) return { errors };
  return {
    value: {
      ...current,
      title: unlessAlone(current.title, title),
      goal: unlessAlone(current.goal, goal),
      criteria: [...criteria.value],
      ...listsOf(current, values),
    },
  };
}

function listsOf(current: Spec, values: Values): Pick<Spec, ListName> {
  const list = (name: ListName) => {
    if (!(name in values)) return current[name];
    const typedLines = typed(values, name).split('\n').map(oneLine).filter(Boolean);
    return typedLines.map((line) => current[name].find((item) => oneLine(item) === line) ?? line);
  };
  return {
    inputs: list('inputs'),
    outputs: list('outputs'),
    constraints: list('constraints'),
    outOfScope: list('outOfScope'),
  };
}

/** Slack trims and folds a text that a person left alone; then the original stays. */
function unlessAlone(current: string, text: string): string {
  return oneLine(current) === oneLine(text) ? current : text;
}
