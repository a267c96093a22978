import { z } from 'zod';
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
    slack_file: z.strictObject({ url: z.string().optional(), id: z.string().optional() }).optional(),
  }),
  richText,
  z.strictObject({
    type: z.literal('table'),
    ...blockId,
    rows: z.array(z.array(z.looseObject({ type: z.string() })).max(20)).max(100),
    column_settings: z.array(z.looseObject({}).nullable()).max(20).optional(),
  }),
] as const;

/** Every block a message or view may hold, with Slack's limits. */
export const block = z.discriminatedUnion('type', [
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
