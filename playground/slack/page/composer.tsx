import { useRef, useState } from 'react';
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
  const box = useRef<HTMLTextAreaElement>(null);
  const person = workspace.as(user);
  const fitting = suggestionsFor(text, sight);

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

  const accept = (suggestion: Suggestion): void => {
    setText(text.replace(/\S*$/, `${suggestion.insert} `));
    box.current?.focus();
  };

  return (
    <div className="composer">
      {fitting.length > 0 && (
        <ul className="commands" aria-label="Suggestions">
          {fitting.map((each) => (
            <li key={each.insert}>
              <button type="button" onClick={() => accept(each)}>
                <strong>{each.insert}</strong> <span className="hint">{each.hint}</span>
                <span className="quiet">{each.about}</span>
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
          ref={box}
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
              accept(fitting[0]);
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

type Suggestion = { readonly insert: string; readonly hint: string; readonly about: string };

/** Commands for a line that begins with `/`; people, the app and groups for a word that begins with `@`. */
function suggestionsFor(text: string, sight: Sight): readonly Suggestion[] {
  const command = /^\/\S*$/.exec(text)?.[0];
  if (command !== undefined) {
    return sight.app.commands
      .filter((each) => each.command.startsWith(command))
      .map((each) => ({
        insert: each.command,
        hint: each.usageHint && `[${each.usageHint}]`,
        about: each.description,
      }));
  }
  const name = /(?:^|\s)@(\w*)$/.exec(text)?.[1];
  if (name === undefined) return [];
  const named = [
    ...sight.users.map((user) => ({ insert: `@${user.name}`, hint: user.realName, about: '' })),
    ...sight.userGroups.map((group) => ({ insert: `@${group.handle}`, hint: group.name, about: 'group' })),
  ];
  return named.filter((each) => each.insert.startsWith(`@${name}`)).slice(0, 6);
}
