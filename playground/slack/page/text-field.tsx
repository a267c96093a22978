import type { KeyboardEvent } from 'react';
import type { Named } from './choosing.tsx';
import { type Fields, textOf, words } from './form-context.ts';

const FIELD_TYPES: Readonly<Record<string, { readonly type: string; readonly initial: string }>> = {
  plain_text_input: { type: 'text', initial: 'initial_value' },
  email_text_input: { type: 'email', initial: 'initial_value' },
  url_text_input: { type: 'url', initial: 'initial_value' },
  number_input: { type: 'number', initial: 'initial_value' },
  datepicker: { type: 'date', initial: 'initial_date' },
  timepicker: { type: 'time', initial: 'initial_time' },
};

/** Text, numbers, dates and times. `onEnter` is there when the app wants to hear of a finished line at once. */
export function TextField(props: {
  readonly element: Fields;
  readonly held: string | undefined;
  readonly named: Named;
  readonly use: (value: string) => void;
  readonly onEnter: (() => void) | undefined;
}) {
  const { element, held, named, use, onEnter } = props;
  const type = String(element.type);
  const known = FIELD_TYPES[type];
  if (!known) return <span className="quiet">The playground cannot draw “{type}”.</span>;
  const shared = {
    ...named,
    value: held ?? textOf(element[known.initial]),
    placeholder: words(element.placeholder),
    autoFocus: element.focus_on_load === true,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !onEnter) return;
      event.preventDefault();
      onEnter();
    },
  };
  return element.multiline === true ? (
    <textarea {...shared} rows={4} onChange={(event) => use(event.target.value)} />
  ) : (
    <input {...shared} type={known.type} onChange={(event) => use(event.target.value)} />
  );
}
