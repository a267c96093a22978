import { useState } from 'react';
import type { Sight } from '../control.ts';
import type { Workspace } from '../workspace.ts';

/** Where a person types. A line that begins with `/` is a command; the ones that fit are listed above. */
export function Composer(props: {
  readonly sight: Sight;
  readonly workspace: Workspace;
  readonly user: string;
  readonly channel: string;
  readonly thread?: string;
  readonly placeholder: string;
  readonly testId: string;
}) {
  const { sight, workspace, user, channel, thread } = props;
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const person = workspace.as(user);
  const start = /^\/\S*$/.exec(text)?.[0];
  const fitting =
    start === undefined ? [] : sight.app.commands.filter((each) => each.command.startsWith(start));

  const send = async (): Promise<void> => {
    const words = text.trim();
    if (words === '') return;
    setText('');
    setProblem('');
    try {
      if (words.startsWith('/')) await person.command(channel, words, thread);
      else await person.post(channel, words, thread);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setText(words);
    }
  };

  return (
    <div className="composer">
      {fitting.length > 0 && (
        <ul className="commands" aria-label="Commands">
          {fitting.map((each) => (
            <li key={each.command}>
              <button type="button" onClick={() => setText(`${each.command} `)}>
                <strong>{each.command}</strong>{' '}
                <span className="hint">{each.usageHint && `[${each.usageHint}]`}</span>
                <span className="quiet">{each.description}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {problem !== '' && (
        <p className="trouble" role="alert">
          {problem}
        </p>
      )}
      <div className="box">
        <textarea
          aria-label={props.placeholder}
          data-testid={props.testId}
          placeholder={props.placeholder}
          rows={Math.min(8, text.split('\n').length)}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey) {
              event.preventDefault();
              void send();
            }
            if (event.key === 'Tab' && fitting[0]) {
              event.preventDefault();
              setText(`${fitting[0].command} `);
            }
          }}
        />
        <button
          type="button"
          className="send"
          aria-label="Send"
          disabled={text.trim() === ''}
          onClick={() => void send()}
        >
          ➤
        </button>
      </div>
    </div>
  );
}
