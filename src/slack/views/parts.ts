import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  InputBlock,
  KnownBlock,
  PlainTextElement,
  SectionBlock,
} from '@slack/types';
import { type ActionName, type ActionValue, actionId, encode } from './actions.ts';
import { clip, plainly, webAddress, weight } from './text.ts';

/** A message as Slack takes it: the blocks, and the sentence that notifications show. */
export type MessageView = { readonly text: string; readonly blocks: readonly KnownBlock[] };

/** What a view may know besides the state. */
export type ViewOptions = {
  /** Where the run pages are, without a slash at the end. */
  readonly webUrl?: string;
  /** Slack ids of people who may approve; the first who is not the requester is asked by name. */
  readonly approvers?: readonly string[];
};

export function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(plainly(text, 150)) };
}

/** At most this much in one section or context; Slack takes 3,000. */
const longest = 2_900;

/** Markup made of `safe` parts. Text above Slack's limit is cut at a line, so that no tag is torn. */
export function section(text: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: fitted(text), verbatim: true } };
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: fitted(text), verbatim: true }] };
}

function fitted(text: string): string {
  if (weight(text) <= longest) return text || ' ';
  const all = text.split('\n');
  const kept: string[] = [];
  let room = longest - 30;
  for (const line of all) {
    room -= weight(line) + 2;
    if (room < 0) break;
    kept.push(line);
  }
  return [...kept, `… (${all.length - kept.length} more)`].join('\n');
}

/** A section only when there is something to say. */
export function sectionWhen(heading: string, body: string): readonly KnownBlock[] {
  return body === '' ? [] : [section(`*${heading}*\n${body}`)];
}

/** Buttons in a row; Slack tells the row of one message from that of another by `block_id`. */
export function buttons(row: readonly Button[]): readonly ActionsBlock[] {
  return row.length === 0 ? [] : [{ type: 'actions', elements: [...row] }];
}

export type ButtonOptions<Name extends ActionName> = {
  readonly action: Name;
  readonly value: ActionValue<Name>;
  /** What pressing it does. */
  readonly label: string;
  readonly which?: string;
  readonly style?: 'primary' | 'danger';
  /** What is asked before it is done. */
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
};

export function button<Name extends ActionName>(options: ButtonOptions<Name>): Button {
  const { action, value, label, which, style, confirm } = options;
  return {
    type: 'button',
    action_id: actionId(action, which),
    text: plain(plainly(label, 75)),
    value: encode(action, value),
    ...(style && { style }),
    ...(confirm && {
      confirm: {
        title: plain(plainly(confirm.title, 100)),
        text: plain(plainly(confirm.text, 300)),
        confirm: plain(plainly(confirm.yes, 30)),
        deny: plain('Go back'),
        ...(style && { style }),
      },
    }),
  };
}

/** Stop, wherever it stands, with the same question before it is done. */
export function stopButton(id: string, label = 'Stop'): Button {
  return button({
    action: 'stop',
    value: { id },
    label,
    style: 'danger',
    confirm: {
      title: 'Stop this feature?',
      text: 'Work in progress is ended at once. What was done is kept on record, and the feature cannot be resumed.',
      yes: 'Stop it',
    },
  });
}

/** A link to the feature's run page, when there are such pages. */
export function logButton(id: string, options: ViewOptions): readonly Button[] {
  const url = options.webUrl && webAddress(`${options.webUrl}/features/${encodeURIComponent(id)}`);
  if (!url) return [];
  return [{ ...button({ action: 'view-log', value: { id }, label: 'View log' }), url }];
}

/** A field of a dialog. The block's id is where errors are shown, so it is the field's name. */
export function textInput(options: {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly initial?: string;
  readonly optional?: boolean;
  readonly multiline?: boolean;
  readonly max?: number;
}): InputBlock {
  const { name, label, hint, initial, optional = false, multiline = false, max = 3_000 } = options;
  return {
    type: 'input',
    block_id: name,
    label: plain(plainly(label, 2_000)),
    ...(hint && { hint: plain(plainly(hint, 2_000)) }),
    optional,
    element: {
      type: 'plain_text_input',
      action_id: inputId,
      multiline,
      max_length: max,
      ...(initial && { initial_value: clip(initial, max) }),
    },
  };
}

/** The action id of every input of ours; its block's id says which input it is. */
export const inputId = 'input';
