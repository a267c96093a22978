import { words } from './form-context.ts';

/** A `confirm` object of Block Kit. */
export type Question = Readonly<Record<string, unknown>>;

/** Asks before an action is sent. */
export function Confirm(props: { readonly question: Question; readonly onAnswer: (yes: boolean) => void }) {
  const { question, onAnswer } = props;
  const title = words(question.title) || 'Are you sure?';
  return (
    <div className="overlay">
      <div className="dialog small" role="alertdialog" aria-label={title}>
        <header>
          <h2>{title}</h2>
        </header>
        <p className="dialog-body">{words(question.text)}</p>
        <footer>
          <button type="button" className="button plain" onClick={() => onAnswer(false)}>
            {words(question.deny) || 'Cancel'}
          </button>
          <button
            type="button"
            className={`button ${question.style === 'danger' ? 'danger-solid' : 'primary-solid'}`}
            onClick={() => onAnswer(true)}
          >
            {words(question.confirm) || 'Yes'}
          </button>
        </footer>
      </div>
    </div>
  );
}
