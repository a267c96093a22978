import type { KnownBlock, ModalView } from '@slack/types';
import type { Spec } from '../../../domain/feature/spec.ts';
import type { FeatureState, SpecVersion } from '../../../domain/feature/state.ts';
import { newestSpec } from '../../../domain/feature/state.ts';
import { callbackId, encodeModal, type ModalValue } from '../actions.ts';
import { context, plain, textInput } from '../parts.ts';
import { listed, safe } from '../text.ts';
import { type Read, typed, type Values } from '../values.ts';
import { applyCriteria, type CriterionLine, criteriaFields, isEditable, readCriteria } from './criteria.ts';
import { oneLine, shownLength } from './one-line.ts';

const mostCharacters = 2_800;

const listFields = [
  { name: 'inputs', label: 'Inputs' },
  { name: 'outputs', label: 'Outputs' },
  { name: 'constraints', label: 'Constraints' },
  { name: 'outOfScope', label: 'Out of scope' },
] as const;
type ListName = (typeof listFields)[number]['name'];

/** What was typed into the dialog; what it did not offer is absent. */
export type SpecEdit = {
  readonly title: string;
  readonly goal?: string;
  readonly criteria: readonly CriterionLine[];
  readonly lists: Readonly<Partial<Record<ListName, readonly string[]>>>;
};

/**
 * Edits what people agree on in the newest spec; risk, flag, files and checks stay as they are. What is too long
 * for a field of Slack's is named and stays as it is, rather than being cut.
 */
export function editSpecModal(state: FeatureState): ModalView {
  const newest = newestSpec(state);
  const version = newest?.version ?? 1;
  const fixed = newest?.spec.criteria.filter((criterion) => !isEditable(criterion)).length ?? 0;
  return {
    type: 'modal',
    callback_id: callbackId('edit-spec'),
    private_metadata: encodeModal('edit-spec', { id: state.id, version, fixed }),
    title: plain(`Edit spec v${version}`),
    ...(newest && { submit: plain(`Save as spec v${version + 1}`) }),
    close: plain('Cancel'),
    blocks: newest ? fields(newest.spec) : [context('There is no spec yet.')],
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

/** What was typed, or a sentence for each field that cannot stay so. Needs no state: Slack waits for the answer. */
export function readSpecEdit(value: ModalValue<'edit-spec'>, values: Values): Read<SpecEdit> {
  const title = typed(values, 'title');
  const goal = 'goal' in values ? typed(values, 'goal') : undefined;
  const criteria = readCriteria(value.fixed, values);
  const errors = {
    ...(title === '' && { title: 'Give it a title.' }),
    ...(goal === '' && { goal: 'Say what it is for.' }),
    ...('errors' in criteria && criteria.errors),
  };
  if ('errors' in criteria || Object.keys(errors).length > 0) return { errors };
  const lists = Object.fromEntries(
    listFields
      .filter(({ name }) => name in values)
      .map(({ name }) => [name, typed(values, name).split('\n').map(oneLine).filter(Boolean)]),
  );
  return { value: { title, ...(goal !== undefined && { goal }), criteria: criteria.value, lists } };
}

/** The spec that an edit of version `seen` makes; what was left alone stays to the letter, so that its hash does. */
export function applySpecEdit(
  edited: { readonly specs: readonly SpecVersion[]; readonly seen: number },
  edit: SpecEdit,
): Spec | undefined {
  const current = edited.specs.find(({ version }) => version === edited.seen)?.spec;
  if (!current) return undefined;
  const ids = edited.specs.flatMap(({ spec }) => spec.criteria.map(({ id }) => id));
  const list = (name: ListName) =>
    edit.lists[name]?.map((line) => current[name].find((item) => oneLine(item) === line) ?? line) ??
    current[name];
  const { title, goal = current.goal } = edit;
  return {
    ...current,
    title: oneLine(current.title) === oneLine(title) ? current.title : title,
    goal: oneLine(current.goal) === oneLine(goal) ? current.goal : goal,
    criteria: applyCriteria({ current: current.criteria, ids }, edit.criteria),
    inputs: list('inputs'),
    outputs: list('outputs'),
    constraints: list('constraints'),
    outOfScope: list('outOfScope'),
  };
}
