import { createContext, useContext } from 'react';
import type { Sight } from '../control.ts';

/** What a person chose or typed. */
export type Choice = string | string[];

/** A piece of Block Kit whose fields are looked at one by one. */
export type Fields = Readonly<Record<string, unknown>>;

/** What the blocks of one message, modal or Home tab share: what is filled in, and what a click does. */
export type Form = {
  readonly sight: Sight;
  readonly values: Readonly<Record<string, Choice>>;
  readonly errors: Readonly<Record<string, string>>;
  /** Action ids that carry a warning, with its sentence. */
  readonly warnings: ReadonlyMap<string, string>;
  fill(key: string, value: Choice): void;
  act(action: {
    readonly actionId: string;
    readonly blockId: string;
    readonly value?: Choice;
  }): Promise<void>;
};
export const FormContext = createContext<Form | undefined>(undefined);

export function useForm(): Form {
  const form = useContext(FormContext);
  if (!form) throw new Error('Blocks were drawn outside a form.');
  return form;
}

/** The objects among the values of a list. */
export function fieldsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value)
    ? value.flatMap((each) => (typeof each === 'object' && each !== null ? [{ ...each }] : []))
    : [];
}

/** The words of a text object. */
export function words(value: unknown): string {
  return typeof value === 'object' && value !== null && 'text' in value ? String(value.text) : '';
}

/** A value as text; nothing is the empty text. */
export function textOf(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
