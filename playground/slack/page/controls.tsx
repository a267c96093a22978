import { useState } from 'react';
import type { Block } from '../model.ts';
import { Button } from './button.tsx';
import { OptionLabel, Options, optionsOf, Select, Several } from './choosing.tsx';
import { Confirm, type Question } from './confirm.tsx';
import { type Choice, type Fields, fieldsOf, textOf, useForm, words } from './form-context.ts';
import { TextField } from './text-field.tsx';

type ControlProps = {
  readonly element: Fields;
  readonly block: Block;
  readonly labelledBy?: string | undefined;
};

/** The element types we draw ourselves, because they do something. */
export const INTERACTIVE = new Set([
  'button',
  'icon_button',
  'feedback_buttons',
  'overflow',
  'static_select',
  'multi_static_select',
  'users_select',
  'multi_users_select',
  'channels_select',
  'multi_channels_select',
  'conversations_select',
  'multi_conversations_select',
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'timepicker',
  'datetimepicker',
  'plain_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
]);

/** One interactive element. In an input block it is only filled in; elsewhere using it tells the app at once. */
export function Control(props: ControlProps) {
  const form = useForm();
  const { element, block } = props;
  const actionId = String(element.action_id);
  const [asked, setAsked] = useState<{ value: Choice | undefined } | undefined>();
  const [busy, setBusy] = useState(false);

  const act = async (value: Choice | undefined): Promise<void> => {
    setBusy(true);
    try {
      await form.act({ actionId, blockId: block.block_id, ...(value === undefined ? {} : { value }) });
    } finally {
      setBusy(false);
    }
  };
  const use = (value: Choice | undefined): void => {
    if (value !== undefined) form.fill(`${block.block_id}/${actionId}`, value);
    if (block.type === 'input' && (block.dispatch_action !== true || TYPED.has(String(element.type)))) return;
    if (typeof element.confirm === 'object' && element.confirm !== null) setAsked({ value });
    else void act(value);
  };
  const question: Question = fieldsOf([element.confirm])[0] ?? {};
  const warning = form.warnings.get(actionId);
  return (
    <span className="control" data-action-id={actionId} aria-busy={busy}>
      <Element
        {...props}
        use={use}
        busy={busy}
        onEnter={block.dispatch_action === true ? () => void act(undefined) : undefined}
      />
      {warning !== undefined && (
        <span className="warning" role="alert" title={warning}>
          ⚠ {warning}
        </span>
      )}
      {asked && (
        <Confirm
          question={question}
          onAnswer={(yes) => {
            setAsked(undefined);
            if (yes) void act(asked.value);
          }}
        />
      )}
    </span>
  );
}

/** Inputs that are typed into. With `dispatch_action` they tell the app when Enter is pressed. */
const TYPED = new Set(['plain_text_input', 'email_text_input', 'url_text_input', 'number_input']);

type ElementProps = ControlProps & {
  readonly use: (value: Choice | undefined) => void;
  readonly busy: boolean;
  readonly onEnter: (() => void) | undefined;
};

function Element(props: ElementProps) {
  const { element, block, use, busy, labelledBy } = props;
  const { sight, values } = useForm();
  const type = String(element.type);
  const held = values[`${block.block_id}/${String(element.action_id)}`];
  const named = { 'aria-labelledby': labelledBy, 'data-action': String(element.action_id) };
  switch (type) {
    case 'button':
      return <Button element={element} busy={busy} press={() => use(undefined)} />;
    case 'icon_button':
      return <Button element={element} busy={busy} press={() => use(undefined)} />;
    case 'feedback_buttons':
      return (
        <>
          {fieldsOf([element.positive_button, element.negative_button]).map((each) => (
            <Button key={words(each.text)} element={each} busy={busy} press={() => use(undefined)} />
          ))}
        </>
      );
    case 'overflow':
      return (
        <select
          {...named}
          className="overflow"
          aria-label="More"
          value=""
          onChange={(event) => use(event.target.value)}
        >
          <option value="">⋯</option>
          <Options element={element} />
        </select>
      );
    case 'static_select':
      return (
        <Select
          named={named}
          value={one(held) ?? optionValue(element.initial_option)}
          element={element}
          use={use}
        >
          <Options element={element} />
        </Select>
      );
    case 'users_select':
      return (
        <Select named={named} value={one(held) ?? textOf(element.initial_user)} element={element} use={use}>
          {sight.users.map((user) => (
            <option key={user.id} value={user.id}>
              {user.realName}
            </option>
          ))}
        </Select>
      );
    case 'channels_select':
    case 'conversations_select':
      return (
        <Select
          named={named}
          value={one(held) ?? textOf(element.initial_channel ?? element.initial_conversation)}
          element={element}
          use={use}
        >
          {sight.channels
            .filter((channel) => channel.kind !== 'im')
            .map((channel) => (
              <option key={channel.id} value={channel.id}>
                #{channel.name}
              </option>
            ))}
        </Select>
      );
    case 'multi_static_select':
    case 'checkboxes':
      return (
        <Several
          options={optionsOf(element)}
          chosen={many(held) ?? fieldsOf(element.initial_options).map((option) => textOf(option.value))}
          name={String(element.action_id)}
          use={use}
        />
      );
    case 'multi_users_select':
      return (
        <Several
          options={sight.users.map((user) => ({ value: user.id, label: user.realName, about: '' }))}
          chosen={many(held) ?? strings(element.initial_users)}
          name={String(element.action_id)}
          use={use}
        />
      );
    case 'multi_channels_select':
    case 'multi_conversations_select':
      return (
        <Several
          options={sight.channels
            .filter((channel) => channel.kind !== 'im')
            .map((channel) => ({ value: channel.id, label: `#${channel.name}`, about: '' }))}
          chosen={many(held) ?? strings(element.initial_channels ?? element.initial_conversations)}
          name={String(element.action_id)}
          use={use}
        />
      );
    case 'radio_buttons':
      return (
        <span className="choices" role="radiogroup" aria-labelledby={labelledBy}>
          {optionsOf(element).map((option) => (
            <label key={option.value}>
              <input
                type="radio"
                name={`${block.block_id}-${String(element.action_id)}`}
                checked={(one(held) ?? optionValue(element.initial_option)) === option.value}
                onChange={() => use(option.value)}
              />
              <OptionLabel option={option} />
            </label>
          ))}
        </span>
      );
    default:
      return <TextField element={element} held={one(held)} named={named} use={use} onEnter={props.onEnter} />;
  }
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
function optionValue(option: unknown): string {
  return textOf(fieldsOf([option])[0]?.value);
}
function one(held: Choice | undefined): string | undefined {
  return typeof held === 'string' ? held : held?.[0];
}
function many(held: Choice | undefined): readonly string[] | undefined {
  return typeof held === 'string' ? [held] : held;
}
