import type { Sight } from '../control.ts';
import type { Channel } from '../model.ts';
import type { Workspace } from '../workspace.ts';
import { Composer } from './composer.tsx';
import { Messages } from './messages.tsx';
import { nameOf } from './name-of.ts';

/** A parent and its replies, beside the channel. */
export function Thread(props: {
  readonly sight: Sight;
  readonly workspace: Workspace;
  readonly user: string;
  readonly channel: Channel;
  readonly thread: string;
  readonly onClose: () => void;
}) {
  const { sight, workspace, user, channel, thread } = props;
  return (
    <aside className="thread" data-testid="thread">
      <header className="heading">
        <h2>Thread</h2>
        <span className="quiet">{nameOf(channel, sight)}</span>
        <button type="button" className="icon" aria-label="Close thread" onClick={props.onClose}>
          ✕
        </button>
      </header>
      <Messages
        key={`${thread} ${user}`}
        sight={sight}
        workspace={workspace}
        user={user}
        testId="thread-messages"
        isThread
        highlighted={undefined}
        messages={sight.messages.filter((each) => each.ts === thread || each.threadTs === thread)}
        ephemerals={sight.ephemerals.filter((each) => each.user === user && each.threadTs === thread)}
      />
      <Composer
        sight={sight}
        workspace={workspace}
        user={user}
        channel={channel.id}
        thread={thread}
        testId="thread-composer"
        placeholder="Reply…"
      />
    </aside>
  );
}
