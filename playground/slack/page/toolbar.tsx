import { useState } from 'react';
import type { Message } from '../model.ts';
import type { Shared } from './body.tsx';
import { Emoji } from './emoji.tsx';
import { Icon } from './icon.tsx';

const QUICK = ['+1', 'eyes', 'white_check_mark'];

/** What can be done with a message; it shows when the pointer or the focus is there. */
export function Toolbar(
  props: Shared & { readonly message: Message; readonly onThread?: (ts: string) => void },
) {
  const { sight, workspace, user, message, onThread } = props;
  const [open, setOpen] = useState(false);
  const person = workspace.as(user);
  const shortcuts = sight.app.shortcuts.filter((each) => each.kind === 'message');
  return (
    <div className="toolbar">
      {QUICK.map((name) => (
        <button
          type="button"
          key={name}
          aria-label={`React with ${name}`}
          onClick={() => void person.react(message.ts, name)}
        >
          <Emoji name={name} />
        </button>
      ))}
      {onThread && (
        <button
          type="button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => onThread(message.threadTs ?? message.ts)}
        >
          <Icon name="reply" />
        </button>
      )}
      <button type="button" aria-label="More actions" title="More actions" onClick={() => setOpen(!open)}>
        ⋮
      </button>
      {open && (
        <div className="menu" role="menu">
          {shortcuts.length === 0 && <span className="quiet">No shortcuts</span>}
          {shortcuts.map((each) => (
            <button
              key={each.callbackId}
              type="button"
              role="menuitem"
              onClick={() => {
                setOpen(false);
                void person.shortcut(each.callbackId, message.ts);
              }}
            >
              {each.name} <span className="quiet">{sight.app.name}</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
