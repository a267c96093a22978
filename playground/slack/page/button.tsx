import { type Fields, textOf, words } from './form-context.ts';

/** A button of Block Kit; one with a `url` opens it and still tells the app. */
export function Button(props: {
  readonly element: Fields;
  readonly busy: boolean;
  readonly press: () => void;
}) {
  const { element, busy, press } = props;
  const style = element.style === 'primary' || element.style === 'danger' ? element.style : 'plain';
  return (
    <button
      type="button"
      className={`button ${style}`}
      disabled={busy}
      aria-label={element.accessibility_label === undefined ? undefined : textOf(element.accessibility_label)}
      onClick={() => {
        if (typeof element.url === 'string') window.open(element.url, '_blank', 'noopener');
        press();
      }}
    >
      {words(element.text)}
    </button>
  );
}
