import { z } from 'zod';
import type { Block } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { freshId } from '../world.ts';
import {
  accessoryElement,
  actionElement,
  button,
  contextAction,
  image,
  inputElement,
  markup,
  plain,
  text,
} from './elements.ts';

const blockId = { block_id: z.string().min(1).max(255).optional() };

const card = z.strictObject({
  type: z.literal('card'),
  ...blockId,
  hero_image: image.optional(),
  icon: image.optional(),
  title: markup(150).optional(),
  subtitle: markup(150).optional(),
  body: markup(200).optional(),
  actions: z.array(button).max(25).optional(),
});

const richText = z.strictObject({
  type: z.literal('rich_text'),
  ...blockId,
  elements: z.array(
    z.looseObject({
      type: z.enum(['rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted']),
      elements: z.array(z.looseObject({ type: z.string() })),
    }),
  ),
});

const inner = [
  z.strictObject({ type: z.literal('divider'), ...blockId }),
  z.strictObject({ type: z.literal('header'), ...blockId, text: plain(150) }),
  z
    .strictObject({
      type: z.literal('section'),
      ...blockId,
      text: text(3_000).optional(),
      fields: z.array(text(2_000)).min(1).max(10).optional(),
      accessory: accessoryElement.optional(),
      expand: z.boolean().optional(),
    })
    .refine((section) => section.text !== undefined || section.fields !== undefined, {
      error: 'missing required field: text',
    }),
  z.strictObject({
    type: z.literal('context'),
    ...blockId,
    elements: z
      .array(z.discriminatedUnion('type', [plain(3_000), markup(3_000), image]))
      .min(1)
      .max(10),
  }),
  z.strictObject({ type: z.literal('actions'), ...blockId, elements: z.array(actionElement).min(1).max(25) }),
  z.strictObject({
    type: z.literal('input'),
    ...blockId,
    label: plain(2_000),
    hint: plain(2_000).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
    element: inputElement,
  }),
  z.strictObject({
    type: z.literal('image'),
    ...blockId,
    alt_text: z.string().max(2_000),
    title: plain(2_000).optional(),
    image_url: z.string().max(3_000).optional(),
    slack_file: z.looseObject({}).optional(),
  }),
  richText,
  z.strictObject({
    type: z.literal('table'),
    ...blockId,
    rows: z.array(z.array(z.looseObject({ type: z.string() })).max(20)).max(100),
    column_settings: z.array(z.looseObject({}).nullable()).max(20).optional(),
  }),
] as const;

const block = z.discriminatedUnion('type', [
  ...inner,
  z.strictObject({ type: z.literal('markdown'), ...blockId, text: z.string().min(1).max(12_000) }),
  z.strictObject({
    type: z.literal('context_actions'),
    ...blockId,
    elements: z.array(contextAction).min(1).max(5),
  }),
  card,
  z.strictObject({ type: z.literal('carousel'), ...blockId, elements: z.array(card).min(1).max(10) }),
  z.strictObject({
    type: z.literal('container'),
    ...blockId,
    title: plain(150).optional(),
    rich_text_title: richText.optional(),
    subtitle: text(150).optional(),
    child_blocks: z.array(z.discriminatedUnion('type', [...inner])).max(10),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    icon: image.optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('alert'),
    ...blockId,
    text: text(3_000),
    level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
  }),
  z.strictObject({
    type: z.literal('task_card'),
    ...blockId,
    task_id: z.string(),
    title: z.string(),
    details: richText.optional(),
    output: richText.optional(),
    sources: z.array(z.looseObject({})).optional(),
    status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  }),
  z.strictObject({
    type: z.literal('plan'),
    ...blockId,
    title: z.string(),
    tasks: z.array(z.looseObject({})).optional(),
  }),
]);

/** Found by users, documented nowhere: bolt-js#2509 and #2867. The size of the blocks as JSON comes closest to their figures. */
const MESSAGE_BLOCKS_CHARACTERS = 13_200;

/**
 * The blocks of a message or view as Slack would store them, or a refusal with the same kind of messages
 * Slack gives: a sentence and a JSON pointer for each.
 */
export function acceptBlocks(
  given: unknown,
  where: { readonly surface: 'message' | 'view'; readonly pointer: string },
): readonly Block[] {
  const most = where.surface === 'message' ? 50 : 100;
  const read = z.array(block).max(most).safeParse(given, { error: slackSentence });
  const problems = read.success
    ? duplicates(read.data)
    : read.error.issues.map((issue) => ({ message: issue.message, path: pointerPath(issue) }));
  if (problems.length > 0 || !read.success) {
    const messages = problems.map(
      (problem) =>
        `${problem.message} [json-pointer:${where.pointer}${problem.path.map((step) => `/${String(step)}`).join('')}]`,
    );
    throw new Refusal(where.surface === 'message' ? 'invalid_blocks' : 'invalid_arguments', {
      errors: messages,
      response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
    });
  }
  if (where.surface === 'message' && JSON.stringify(read.data).length > MESSAGE_BLOCKS_CHARACTERS) {
    throw new Refusal('msg_blocks_too_long');
  }
  return read.data.map((each) => ({
    ...withActionIds(each),
    type: each.type,
    block_id: each.block_id ?? freshId('').slice(0, 5),
  }));
}

/** Slack names an element that has no `action_id` itself; without one a click could not be told from another. */
function withActionIds(given: Record<string, unknown>): Record<string, unknown> {
  const named = (element: unknown) =>
    isRecord(element) &&
    typeof element.type === 'string' &&
    !PASSIVE.has(element.type) &&
    element.action_id === undefined
      ? { ...element, action_id: freshId('').slice(0, 5) }
      : element;
  return {
    ...given,
    ...((given.type === 'actions' || given.type === 'context_actions') && Array.isArray(given.elements)
      ? { elements: given.elements.map(named) }
      : {}),
    ...('accessory' in given && given.accessory !== undefined ? { accessory: named(given.accessory) } : {}),
    ...(given.type === 'input' ? { element: named(given.element) } : {}),
  };
}
const PASSIVE = new Set(['image', 'plain_text', 'mrkdwn']);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Problem = { readonly message: string; readonly path: readonly PropertyKey[] };

function duplicates(blocks: readonly z.infer<typeof block>[]): readonly Problem[] {
  const problems: Problem[] = [];
  const blockIds = new Set<string>();
  for (const [index, each] of blocks.entries()) {
    if (each.block_id !== undefined && blockIds.has(each.block_id)) {
      problems.push({ message: `block_id already exists: ${each.block_id}`, path: [index, 'block_id'] });
    }
    if (each.block_id !== undefined) blockIds.add(each.block_id);
    if (each.type !== 'actions') continue;
    const actionIds = new Set<string>();
    for (const [position, element] of each.elements.entries()) {
      if (element.action_id === undefined) continue;
      if (actionIds.has(element.action_id)) {
        problems.push({
          message: `action_id already exists: ${element.action_id}`,
          path: [index, 'elements', position, 'action_id'],
        });
      }
      actionIds.add(element.action_id);
    }
  }
  return problems;
}

/** A missing field is reported where it should have been: on its parent. */
function pointerPath(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.message.startsWith('missing required field') && issue.code === 'invalid_type'
    ? issue.path.slice(0, -1)
    : issue.path.filter((step, index, all) => !(index === all.length - 1 && step === 'type'));
}

/** Slack's wording of what is wrong. */
export function slackSentence(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'string'
        ? `must be less than ${Number(issue.maximum) + 1} characters`
        : `no more than ${String(issue.maximum)} items allowed`;
    case 'too_small':
      return issue.origin === 'string'
        ? `must be more than ${Number(issue.minimum) - 1} characters`
        : `no fewer than ${String(issue.minimum)} items allowed`;
    case 'unrecognized_keys':
      return `invalid additional property: ${issue.keys.join(', ')}`;
    case 'invalid_union': {
      const type = isRecord(issue.input) ? issue.input.type : undefined;
      return type === undefined ? 'missing required field: type' : `unsupported type: ${String(type)}`;
    }
    case 'invalid_type':
      return issue.input === undefined
        ? `missing required field: ${String(issue.path?.at(-1) ?? '')}`
        : `must be a ${issue.expected}`;
    case 'invalid_value':
      return `must be a valid enum value`;
    default:
      return undefined;
  }
}
