import type { ReactNode } from 'react';
import { type Choice, type Fields, fieldsOf, textOf, words } from './form-context.ts';

/** How a field is found: by its label for people, by its action id for tests. */
export type Named = { readonly 'aria-labelledby': string | undefined; readonly 'data-action': string };

/** A menu that opens. */
export function Select(props: {
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

export function Options({ element }: { readonly element: Fields }) {
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

export type Option = { readonly value: string; readonly label: string; readonly about: string };

/** Several of a few. */
export function Several(props: {
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

export function OptionLabel({ option }: { readonly option: Option }) {
  return (
    <span>
      {option.label}
      {option.about !== '' && <span className="quiet about">{option.about}</span>}
    </span>
  );
}

/** The options of an element or option group. */
export function optionsOf(element: Fields): readonly Option[] {
  return fieldsOf(element.options).map((option) => ({
    value: textOf(option.value),
    label: words(option.text),
    about: words(option.description),
  }));
}
