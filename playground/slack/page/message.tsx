import type { Message } from '../model.ts';
import { Avatar } from './avatar.tsx';
import { Body, Byline, clock, type Shared } from './body.tsx';
import { Emoji } from './emoji.tsx';
import { Toolbar } from './toolbar.tsx';

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
