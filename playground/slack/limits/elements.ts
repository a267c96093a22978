import { z } from 'zod';

/** The parts that blocks are made of, with the lengths Slack allows. Unknown fields are refused, as Slack does. */

export const plain = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
const mrkdwn = (max: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
export const text = (max: number) => z.discriminatedUnion('type', [plain(max), mrkdwn(max)]);
export const markup = mrkdwn;

const actionId = z.string().min(1).max(255).optional();
const style = z.enum(['primary', 'danger']).optional();
const confirm = z
  .strictObject({
    title: plain(100).optional(),
    text: text(300),
    confirm: plain(30).optional(),
    deny: plain(30).optional(),
    style,
  })
  .optional();
const placeholder = plain(150).optional();
const focus = z.boolean().optional();

const plainOption = z.strictObject({
  text: plain(75),
  value: z.string().max(150).optional(),
  description: plain(75).optional(),
  url: z.string().max(3_000).optional(),
});
const anyOption = z.strictObject({
  text: text(75),
  value: z.string().max(150).optional(),
  description: text(75).optional(),
});
const optionGroups = z
  .array(z.strictObject({ label: plain(75), options: z.array(plainOption).max(100) }))
  .max(100);

export const button = z.strictObject({
  type: z.literal('button'),
  action_id: actionId,
  text: plain(75),
  value: z.string().max(2_000).optional(),
  url: z.string().max(3_000).optional(),
  style,
  confirm,
  accessibility_label: z.string().max(75).optional(),
});

export const image = z.strictObject({
  type: z.literal('image'),
  alt_text: z.string().max(2_000),
  image_url: z.string().max(3_000).optional(),
  slack_file: z.strictObject({ url: z.string().optional(), id: z.string().optional() }).optional(),
});

const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: actionId,
  options: z.array(plainOption).min(1).max(5),
  confirm,
});
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  action_id: actionId,
  options: z.array(anyOption).min(1).max(10),
  initial_options: z.array(anyOption).optional(),
  confirm,
  focus_on_load: focus,
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  action_id: actionId,
  options: z.array(anyOption).min(1).max(10),
  initial_option: anyOption.optional(),
  confirm,
  focus_on_load: focus,
});

const selectBase = { action_id: actionId, placeholder, confirm, focus_on_load: focus };
const many = { max_selected_items: z.number().int().min(1).optional() };
const choices = {
  options: z.array(plainOption).min(1).max(100).optional(),
  option_groups: optionGroups.optional(),
};
const filter = z.looseObject({}).optional();

const selects = [
  z.strictObject({
    type: z.literal('static_select'),
    ...selectBase,
    ...choices,
    initial_option: plainOption.optional(),
  }),
  z.strictObject({
    type: z.literal('multi_static_select'),
    ...selectBase,
    ...choices,
    ...many,
    initial_options: z.array(plainOption).optional(),
  }),
  z.strictObject({
    type: z.literal('external_select'),
    ...selectBase,
    initial_option: plainOption.optional(),
    min_query_length: z.number().optional(),
  }),
  z.strictObject({
    type: z.literal('multi_external_select'),
    ...selectBase,
    ...many,
    initial_options: z.array(plainOption).optional(),
    min_query_length: z.number().optional(),
  }),
  z.strictObject({ type: z.literal('users_select'), ...selectBase, initial_user: z.string().optional() }),
  z.strictObject({
    type: z.literal('multi_users_select'),
    ...selectBase,
    ...many,
    initial_users: z.array(z.string()).optional(),
  }),
  z.strictObject({
    type: z.literal('conversations_select'),
    ...selectBase,
    initial_conversation: z.string().optional(),
    default_to_current_conversation: z.boolean().optional(),
    response_url_enabled: z.boolean().optional(),
    filter,
  }),
  z.strictObject({
    type: z.literal('multi_conversations_select'),
    ...selectBase,
    ...many,
    initial_conversations: z.array(z.string()).optional(),
    default_to_current_conversation: z.boolean().optional(),
    filter,
  }),
  z.strictObject({
    type: z.literal('channels_select'),
    ...selectBase,
    initial_channel: z.string().optional(),
    response_url_enabled: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('multi_channels_select'),
    ...selectBase,
    ...many,
    initial_channels: z.array(z.string()).optional(),
  }),
] as const;

const pickers = [
  z.strictObject({
    type: z.literal('datepicker'),
    ...selectBase,
    initial_date: z
      .string()
      .regex(/^\d{4}-\d\d-\d\d$/)
      .optional(),
  }),
  z.strictObject({
    type: z.literal('timepicker'),
    ...selectBase,
    initial_time: z
      .string()
      .regex(/^\d\d:\d\d$/)
      .optional(),
    timezone: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('datetimepicker'),
    action_id: actionId,
    confirm,
    focus_on_load: focus,
    initial_date_time: z.number().int().optional(),
  }),
] as const;

const dispatch = z
  .strictObject({
    trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).optional(),
  })
  .optional();
const inputBase = {
  action_id: actionId,
  placeholder,
  focus_on_load: focus,
  dispatch_action_config: dispatch,
};
const inputs = [
  z.strictObject({
    type: z.literal('plain_text_input'),
    ...inputBase,
    initial_value: z.string().max(3_000).optional(),
    multiline: z.boolean().optional(),
    min_length: z.number().int().min(0).max(3_000).optional(),
    max_length: z.number().int().min(1).max(3_000).optional(),
  }),
  z.strictObject({
    type: z.literal('email_text_input'),
    ...inputBase,
    initial_value: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('url_text_input'), ...inputBase, initial_value: z.string().optional() }),
  z.strictObject({
    type: z.literal('number_input'),
    ...inputBase,
    is_decimal_allowed: z.boolean(),
    initial_value: z.string().optional(),
    min_value: z.string().optional(),
    max_value: z.string().optional(),
  }),
] as const;

export const actionElement = z.discriminatedUnion('type', [
  button,
  overflow,
  checkboxes,
  radioButtons,
  ...selects,
  ...pickers,
]);
export const accessoryElement = z.discriminatedUnion('type', [
  button,
  image,
  overflow,
  checkboxes,
  radioButtons,
  ...selects,
  ...pickers,
]);
export const inputElement = z.discriminatedUnion('type', [
  checkboxes,
  radioButtons,
  ...selects,
  ...pickers,
  ...inputs,
]);

const feedback = z.strictObject({
  text: plain(75),
  value: z.string().max(2_000),
  accessibility_label: z.string().max(75).optional(),
});
export const contextAction = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('feedback_buttons'),
    action_id: actionId,
    positive_button: feedback,
    negative_button: feedback,
  }),
  z.strictObject({
    type: z.literal('icon_button'),
    action_id: actionId,
    icon: z.string(),
    text: plain(75),
    value: z.string().max(2_000).optional(),
    confirm,
    accessibility_label: z.string().max(75).optional(),
    visible_to_user_ids: z.array(z.string()).optional(),
  }),
]);
