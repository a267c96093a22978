import { useState } from 'react';
import type { Sight } from '../control.ts';
import { type Ephemeral, type Message, SLACKBOT } from '../model.ts';
import type { Workspace } from '../workspace.ts';
import { Avatar } from './avatar.tsx';
import { Blocks } from './blocks.tsx';
import { Emoji } from './emoji.tsx';
import { FormOf } from './form.tsx';
import { Icon } from './icon.tsx';
import { RenderedText } from './rendered.tsx';

type Shared = { readonly sight: Sight; readonly workspace: Workspace; readonly user: string };
const QUICK = ['+1', 'eyes', 'white_check_mark'];

/** One message with its reactions, its thread, and what can be done with it. */
export function MessageView(
  props: Shared & {
    readonly message: Message;
    /** Follows one of the same person's; no name and picture again. */
    readonly continued: boolean;
    readonly highlighted: boolean;
    readonly onThread?: (ts: string) => void;
  },
) {
  const { message, sight, workspace, user, continued, onThread } = props;
  const author = sight.users.find((each) => each.id === message.user);
  const replies = sight.messages.filter((each) => each.threadTs === message.ts);
  const person = workspace.as(user);
  return (
    <article
      className={`message${continued ? ' continued' : ''}${props.highlighted ? ' highlighted' : ''}`}
      data-testid="message"
      data-ts={message.ts}
    >
      <div className="side">
        {continued ? (
          <time className="quiet">{clock(message.ts)}</time>
        ) : (
          <Avatar name={author?.name ?? '?'} isBot={message.byBot} />
        )}
      </div>
      <div className="content">
        {!continued && (
          <Byline name={author?.realName ?? message.user} isBot={message.byBot} ts={message.ts} />
        )}
        <Body {...props} target={message.ts} text={message.text} blocks={message.blocks} />
        {message.editedTs !== undefined && <span className="quiet edited">(edited)</span>}
        {message.files.map((file) => (
          <figure key={file.id} className="file">
            {file.mimetype.startsWith('image/') ? (
              <img src={file.url} alt={file.title} />
            ) : (
              <a href={file.url}>{file.title}</a>
            )}
            <figcaption className="quiet">{file.title}</figcaption>
          </figure>
        ))}
        {message.reactions.length > 0 && (
          <div className="reactions">
            {message.reactions.map((reaction) => {
              const mine = reaction.users.includes(user);
              return (
                <button
                  type="button"
                  key={reaction.name}
                  className={mine ? 'reaction mine' : 'reaction'}
                  aria-label={`${reaction.name}, ${reaction.users.length}`}
                  aria-pressed={mine}
                  onClick={() =>
                    void (mine
                      ? person.unreact(message.ts, reaction.name)
                      : person.react(message.ts, reaction.name))
                  }
                >
                  <Emoji name={reaction.name} /> {reaction.users.length}
                </button>
              );
            })}
          </div>
        )}
        {onThread && replies.length > 0 && (
          <button
            type="button"
            className="replies"
            data-testid="replies"
            onClick={() => onThread(message.ts)}
          >
            {[...new Set(replies.map((reply) => reply.user))].slice(0, 4).map((id) => {
              const who = sight.users.find((each) => each.id === id);
              return <Avatar key={id} small name={who?.name ?? '?'} isBot={who?.isBot ?? false} />;
            })}
            <strong>{replies.length === 1 ? '1 reply' : `${replies.length} replies`}</strong>
            <span className="quiet">last at {clock(replies.at(-1)?.ts ?? '')}</span>
          </button>
        )}
      </div>
      {!message.tombstone && <Toolbar {...props} />}
    </article>
  );
}

function Toolbar(props: Shared & { readonly message: Message; readonly onThread?: (ts: string) => void }) {
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

/** A message only this person sees, and can take away. */
export function EphemeralView(props: Shared & { readonly ephemeral: Ephemeral }) {
  const { ephemeral, sight, workspace, user } = props;
  const isSlack = ephemeral.from === SLACKBOT;
  return (
    <article className="message ephemeral" data-testid="ephemeral" data-ts={ephemeral.ts}>
      <div className="side">
        <Avatar name="slackbot" isBot={!isSlack} />
      </div>
      <div className="content">
        <p className="only quiet">
          <Icon name="eye" /> Only visible to you ·{' '}
          <button
            type="button"
            className="link"
            onClick={() => void workspace.as(user).dismiss(ephemeral.ts)}
          >
            Dismiss
          </button>
        </p>
        <Byline name={isSlack ? 'Slackbot' : sight.app.name} isBot ts={ephemeral.ts} />
        <Body {...props} target={ephemeral.ts} text={ephemeral.text} blocks={ephemeral.blocks} />
      </div>
    </article>
  );
}

function Body(
  props: Shared & { readonly target: string; readonly text: string; readonly blocks: Message['blocks'] },
) {
  const { sight, workspace, user, target, text, blocks } = props;
  if (!blocks || blocks.length === 0) return <RenderedText text={text} sight={sight} />;
  return (
    <FormOf sight={sight} workspace={workspace} user={user} target={target}>
      <Blocks blocks={blocks} />
    </FormOf>
  );
}

function Byline(props: { readonly name: string; readonly isBot: boolean; readonly ts: string }) {
  return (
    <p className="byline">
      <strong>{props.name}</strong>
      {props.isBot && <span className="app">APP</span>}
      <time className="quiet">{clock(props.ts)}</time>
    </p>
  );
}

function clock(ts: string): string {
  return new Date(Number(ts) * 1_000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
