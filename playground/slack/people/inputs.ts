import type { Block } from '../model.ts';
import type { ViewState } from '../wire.ts';

/** What a person filled in, by `block_id/action_id`, `action_id` or `block_id`: text, or the values chosen. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

/** An interactive element where it stands. */
export type Placed = {
  readonly block: Block;
  readonly element: Readonly<Record<string, unknown>>;
  readonly actionId: string;
};

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
function words(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Every interactive element of some blocks, containers and cards included. */
export function elementsOf(blocks: readonly Block[]): readonly Placed[] {
  return blocks.flatMap((block) => {
    const inner = list(block.child_blocks).flatMap((child) => {
      const fields = record(child);
      const type = words(fields?.type);
      return fields && type
        ? elementsOf([{ ...fields, type, block_id: words(fields.block_id) ?? block.block_id }])
        : [];
    });
    const own = [...list(block.elements), ...list(block.actions), block.accessory, block.element].flatMap(
      (candidate) => {
        const element = record(candidate);
        const actionId = words(element?.action_id);
        return element && actionId ? [{ block, element, actionId }] : [];
      },
    );
    return [...own, ...inner];
  });
}

/** The options of a select, radio, checkbox or overflow element, groups flattened. */
function optionsOf(element: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] {
  const grouped = list(element.option_groups).flatMap((group) => list(record(group)?.options));
  return [...list(element.options), ...grouped].flatMap((option) => {
    const fields = record(option);
    return fields ? [fields] : [];
  });
}

const SINGLE: Readonly<Record<string, readonly [selected: string, initial: string]>> = {
  users_select: ['selected_user', 'initial_user'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  channels_select: ['selected_channel', 'initial_channel'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
};
const SEVERAL: Readonly<Record<string, readonly [selected: string, initial: string]>> = {
  multi_users_select: ['selected_users', 'initial_users'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
};
const OPTION = new Set(['static_select', 'external_select', 'radio_buttons', 'overflow']);
const OPTIONS = new Set(['multi_static_select', 'multi_external_select', 'checkboxes']);
const TEXT = new Set(['plain_text_input', 'email_text_input', 'url_text_input', 'number_input']);

/** The element's value in Slack's form for its kind; undefined for elements that hold none (buttons). */
export function heldValue(
  element: Readonly<Record<string, unknown>>,
  given: string | readonly string[] | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const type = String(element.type);
  const first = typeof given === 'string' ? given : given?.[0];
  const all = given === undefined ? undefined : typeof given === 'string' ? [given] : given;
  if (TEXT.has(type)) return { type, value: words(first ?? element.initial_value) ?? null };
  if (OPTION.has(type)) {
    const chosen = first === undefined ? element.initial_option : optionNamed(element, first);
    return { type, selected_option: chosen ?? null };
  }
  if (OPTIONS.has(type)) {
    return {
      type,
      selected_options: all ? all.map((value) => optionNamed(element, value)) : list(element.initial_options),
    };
  }
  const single = SINGLE[type];
  if (single) {
    const chosen = first ?? element[single[1]];
    return {
      type,
      [single[0]]: (type === 'datetimepicker' && chosen !== undefined ? Number(chosen) : chosen) ?? null,
    };
  }
  const several = SEVERAL[type];
  if (several) return { type, [several[0]]: all ?? list(element[several[1]]) };
  return undefined;
}

function optionNamed(element: Readonly<Record<string, unknown>>, value: string): unknown {
  const found = optionsOf(element).find((option) => option.value === value);
  if (found) return found;
  const known = optionsOf(element).map((option) => option.value);
  throw new Error(
    `"${String(element.action_id)}" has no option with the value "${value}". It has: ${known.join(', ')}.`,
  );
}

/** `state.values` of a message or view: what was filled in, else the initial values. */
export function stateOf(blocks: readonly Block[], values: Values): ViewState {
  const state: Record<string, Record<string, unknown>> = {};
  for (const { block, element, actionId } of elementsOf(blocks)) {
    if (element.type === 'overflow') continue;
    const given = values[`${block.block_id}/${actionId}`] ?? values[actionId] ?? values[block.block_id];
    const value = heldValue(element, given);
    if (value) state[block.block_id] = { ...state[block.block_id], [actionId]: value };
  }
  return state;
}

/** What Slack's own client refuses before it sends a form: by block id, the sentence below the field. */
export function formProblems(blocks: readonly Block[], state: ViewState): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  for (const { block, element, actionId } of elementsOf(blocks)) {
    if (block.type !== 'input') continue;
    const value = record(state[block.block_id]?.[actionId]);
    const filled = Object.entries(value ?? {}).find(([name]) => name !== 'type')?.[1];
    const empty = filled === null || filled === undefined || (Array.isArray(filled) && filled.length === 0);
    if (empty) {
      if (block.optional !== true) problems[block.block_id] = 'Please complete this required field.';
      continue;
    }
    const length = typeof filled === 'string' ? filled.length : 0;
    if (typeof element.max_length === 'number' && length > element.max_length) {
      problems[block.block_id] = `This must be at most ${element.max_length} characters long.`;
    }
    if (typeof element.min_length === 'number' && length < element.min_length) {
      problems[block.block_id] = `This must be at least ${element.min_length} characters long.`;
    }
  }
  return problems;
}
