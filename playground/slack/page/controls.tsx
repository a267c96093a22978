import { type ReactNode, useState } from 'react';
import type { Block } from '../model.ts';
import { fieldsOf, useForm, words } from './blocks.tsx';
import { Confirm, type Question } from './confirm.tsx';

/** What a person chose or typed. */
export type Choice = string | string[];
type Fields = Readonly<Record<string, unknown>>;
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
    if (block.type === 'input' && block.dispatch_action !== true) return;
    if (typeof element.confirm === 'object' && element.confirm !== null) setAsked({ value });
    else void act(value);
  };
  const question: Question = fieldsOf([element.confirm])[0] ?? {};
  const warning = form.warnings.get(actionId);
  return (
    <span className="control" data-action-id={actionId} aria-busy={busy}>
      <Element {...props} use={use} busy={busy} />
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

type ElementProps = ControlProps & {
  readonly use: (value: Choice | undefined) => void;
  readonly busy: boolean;
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
        <Select named={named} value={one(held) ?? text(element.initial_user)} element={element} use={use}>
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
          value={one(held) ?? text(element.initial_channel ?? element.initial_conversation)}
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
          chosen={many(held) ?? fieldsOf(element.initial_options).map((option) => text(option.value))}
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
      return <TextField {...props} type={type} held={one(held)} named={named} />;
  }
}

const FIELD_TYPES: Readonly<Record<string, { readonly type: string; readonly initial: string }>> = {
  plain_text_input: { type: 'text', initial: 'initial_value' },
  email_text_input: { type: 'email', initial: 'initial_value' },
  url_text_input: { type: 'url', initial: 'initial_value' },
  number_input: { type: 'number', initial: 'initial_value' },
  datepicker: { type: 'date', initial: 'initial_date' },
  timepicker: { type: 'time', initial: 'initial_time' },
};

type Named = { readonly 'aria-labelledby': string | undefined; readonly 'data-action': string };

function TextField(
  props: ElementProps & { readonly type: string; readonly held: string | undefined; readonly named: Named },
) {
  const { element, held, named, use } = props;
  const known = FIELD_TYPES[props.type];
  if (!known) return <span className="quiet">The playground cannot draw “{props.type}”.</span>;
  const shared = {
    ...named,
    value: held ?? text(element[known.initial]),
    placeholder: words(element.placeholder),
    autoFocus: element.focus_on_load === true,
  };
  return element.multiline === true ? (
    <textarea {...shared} rows={4} onChange={(event) => use(event.target.value)} />
  ) : (
    <input {...shared} type={known.type} onChange={(event) => use(event.target.value)} />
  );
}

function Button(props: { readonly element: Fields; readonly busy: boolean; readonly press: () => void }) {
  const { element, busy, press } = props;
  const style = element.style === 'primary' || element.style === 'danger' ? element.style : 'plain';
  return (
    <button
      type="button"
      className={`button ${style}`}
      disabled={busy}
      aria-label={element.accessibility_label === undefined ? undefined : text(element.accessibility_label)}
      onClick={() => {
        if (typeof element.url === 'string') window.open(element.url, '_blank', 'noopener');
        press();
      }}
    >
      {words(element.text)}
    </button>
  );
}

function Select(props: {
  readonly named: Named;
  readonly value: string;
  readonly element: Fields;
  readonly use: (value: Choice) => void;
  readonly children: ReactNode;
}) {
  const placeholder = words(props.element.placeholder) || 'Choose an option';
  return (
    <select
      {...props.named}
      aria-label={props.named['aria-labelledby'] === undefined ? placeholder : undefined}
      value={props.value}
      onChange={(event) => props.use(event.target.value)}
    >
      <option value="" disabled>
        {placeholder}
      </option>
      {props.children}
    </select>
  );
}

function Options({ element }: { readonly element: Fields }) {
  const groups = fieldsOf(element.option_groups);
  if (groups.length === 0) {
    return optionsOf(element).map((option) => (
      <option key={option.value} value={option.value}>
        {option.label}
      </option>
    ));
  }
  return groups.map((group) => (
    <optgroup key={words(group.label)} label={words(group.label)}>
      {optionsOf(group).map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </optgroup>
  ));
}

type Option = { readonly value: string; readonly label: string; readonly about: string };

function Several(props: {
  readonly options: readonly Option[];
  readonly chosen: readonly string[];
  readonly name: string;
  readonly use: (value: string[]) => void;
}) {
  return (
    <fieldset className="choices" name={props.name}>
      {props.options.map((option) => (
        <label key={option.value}>
          <input
            type="checkbox"
            checked={props.chosen.includes(option.value)}
            onChange={(event) => {
              const others = props.chosen.filter((value) => value !== option.value);
              props.use(event.target.checked ? [...others, option.value] : others);
            }}
          />
          <OptionLabel option={option} />
        </label>
      ))}
    </fieldset>
  );
}

function OptionLabel({ option }: { readonly option: Option }) {
  return (
    <span>
      {option.label}
      {option.about !== '' && <span className="quiet about">{option.about}</span>}
    </span>
  );
}

function optionsOf(element: Fields): readonly Option[] {
  return fieldsOf(element.options).map((option) => ({
    value: text(option.value),
    label: words(option.text),
    about: words(option.description),
  }));
}

function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
function optionValue(option: unknown): string {
  return text(fieldsOf([option])[0]?.value);
}
function one(held: Choice | undefined): string | undefined {
  return typeof held === 'string' ? held : held?.[0];
}
function many(held: Choice | undefined): readonly string[] | undefined {
  return typeof held === 'string' ? [held] : held;
}
