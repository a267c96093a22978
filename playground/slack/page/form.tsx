import { type ReactNode, useMemo, useState } from 'react';
import type { Sight } from '../control.ts';
import type { Workspace } from '../workspace.ts';
import { type Choice, type Form, FormContext } from './form-context.ts';

/** Holds what is filled in on one message, modal or Home tab, and sends its clicks. */
export function FormOf(props: {
  readonly sight: Sight;
  readonly workspace: Workspace;
  readonly user: string;
  readonly target: string;
  readonly errors?: Readonly<Record<string, string>>;
  readonly onValues?: (values: Readonly<Record<string, Choice>>) => void;
  readonly children: ReactNode;
}) {
  const { sight, workspace, user, target, errors, onValues } = props;
  const [values, setValues] = useState<Readonly<Record<string, Choice>>>({});
  const [refusals, setRefusals] = useState<ReadonlyMap<string, string>>(new Map());
  const form = useMemo<Form>(
    () => ({
      sight,
      values,
      errors: errors ?? {},
      warnings: new Map([
        ...sight.warnings
          .filter((warning) => warning.user === user && warning.target === target)
          .map((warning) => [warning.actionId ?? '', warning.text] as const),
        ...refusals,
      ]),
      fill(key, value) {
        const next = { ...values, [key]: value };
        setValues(next);
        onValues?.(next);
      },
      async act({ actionId, blockId, value }) {
        const refused = new Map<string, string>();
        try {
          await workspace
            .as(user)
            .click(target, actionId, { blockId, values, ...(value === undefined ? {} : { value }) });
        } catch (error) {
          refused.set(actionId, error instanceof Error ? error.message : String(error));
        }
        setRefusals(refused);
      },
    }),
    [sight, values, refusals, errors, user, target, workspace, onValues],
  );
  return <FormContext value={form}>{props.children}</FormContext>;
}
