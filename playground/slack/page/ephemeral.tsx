import { type Ephemeral, SLACKBOT } from '../model.ts';
import { Avatar } from './avatar.tsx';
import { Body, Byline, type Shared } from './body.tsx';
import { Icon } from './icon.tsx';

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
