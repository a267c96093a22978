import { type ReactNode, useMemo, useState } from 'react';
import type { Sight } from '../control.ts';
import type { Workspace } from '../workspace.ts';
import { type Form, FormContext } from './blocks.tsx';
import type { Choice } from './controls.tsx';

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
  const form = useMemo<Form>(
    () => ({
      sight,
      values,
      errors: errors ?? {},
      warnings: new Map(
        sight.warnings
          .filter((warning) => warning.user === user && warning.target === target)
          .flatMap((warning) => (warning.actionId === undefined ? [] : [[warning.actionId, warning.text]])),
      ),
      fill(key, value) {
        const next = { ...values, [key]: value };
        setValues(next);
        onValues?.(next);
      },
      async act({ actionId, blockId, value }) {
        await workspace.as(user).click(target, actionId, {
          blockId,
          values,
          ...(value === undefined ? {} : { value }),
        });
      },
    }),
    [sight, values, errors, user, target, workspace, onValues],
  );
  return <FormContext value={form}>{props.children}</FormContext>;
}
