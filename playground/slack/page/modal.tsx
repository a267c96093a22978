import { useEffect, useRef, useState } from 'react';
import type { Sight } from '../control.ts';
import type { View } from '../model.ts';
import type { Workspace } from '../workspace.ts';
import { Blocks } from './blocks.tsx';
import { FormOf } from './form.tsx';
import type { Choice } from './form-context.ts';

/** The modal on top of a person's stack. */
export function Modal(props: {
  readonly view: View;
  readonly sight: Sight;
  readonly workspace: Workspace;
  readonly user: string;
}) {
  const { view, sight, workspace, user } = props;
  const [values, setValues] = useState<Readonly<Record<string, Choice>>>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [sending, setSending] = useState(false);
  const dialog = useRef<HTMLFormElement>(null);
  const person = workspace.as(user);

  useEffect(() => {
    const first = dialog.current?.querySelector<HTMLElement>('.dialog-body :is(input, textarea, select)');
    (first ?? dialog.current)?.focus();
  }, []);

  // Heard everywhere: a button that was pressed and is disabled while it sends has lost the focus.
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') void workspace.as(user).closeModal();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [workspace, user]);

  const trouble = sight.warnings.find(
    (warning) => warning.user === user && warning.target === view.id && warning.actionId === undefined,
  );

  const [problem, setProblem] = useState('');
  const sentence = problem || trouble?.text;

  const submit = async (): Promise<void> => {
    setSending(true);
    setProblem('');
    try {
      const outcome = await person.submit({ ...values });
      setErrors(outcome.kind === 'errors' ? outcome.errors : {});
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setSending(false);
    }
  };

  return (
    <div className="overlay">
      <form
        className="dialog"
        ref={dialog}
        tabIndex={-1}
        role="dialog"
        aria-label={view.title?.text}
        data-testid="modal"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header>
          <h2>{view.title?.text}</h2>
          <button
            type="button"
            className="icon"
            aria-label="Close everything"
            onClick={() => void person.closeModal({ all: true })}
          >
            ✕
          </button>
        </header>
        <div className="dialog-body">
          {sentence && (
            <p className="trouble" role="alert">
              {sentence}
            </p>
          )}
          <FormOf
            sight={sight}
            workspace={workspace}
            user={user}
            target={view.id}
            errors={errors}
            onValues={setValues}
          >
            <Blocks blocks={view.blocks} />
          </FormOf>
        </div>
        <footer>
          <button type="button" className="button plain" onClick={() => void person.closeModal()}>
            {view.close?.text ?? 'Cancel'}
          </button>
          {view.submit && (
            <button
              type="submit"
              className="button primary-solid"
              disabled={sending}
              data-testid="modal-submit"
            >
              {sending ? 'Sending…' : view.submit.text}
            </button>
          )}
        </footer>
      </form>
    </div>
  );
}
