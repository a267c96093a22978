import { Fragment, useEffect, useRef } from 'react';
import type { Sight } from '../control.ts';
import type { Ephemeral, Message } from '../model.ts';
import type { Workspace } from '../workspace.ts';
import { EphemeralView } from './ephemeral.tsx';
import { MessageView } from './message.tsx';

const SAME_BREATH_SECONDS = 300;

/** Messages and private messages in order of time, kept scrolled to the newest unless the reader went up. */
export function Messages(props: {
  readonly sight: Sight;
  readonly workspace: Workspace;
  readonly user: string;
  readonly messages: readonly Message[];
  readonly ephemerals: readonly Ephemeral[];
  readonly highlighted: string | undefined;
  readonly onThread?: (ts: string) => void;
  readonly testId: string;
  /** The first message is a thread's parent; the number of replies stands below it. */
  readonly isThread?: boolean;
}) {
  const { messages, ephemerals, highlighted, testId, isThread, ...shared } = props;
  const list = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const lastTop = useRef(0);
  const entries = [...messages, ...ephemerals].toSorted((a, b) => Number(a.ts) - Number(b.ts));

  // Blocks are measured after they are drawn, so that a long one that grows late is followed to its end too.
  useEffect(() => {
    const box = list.current;
    if (!box) return;
    const follow = () => following.current && box.scrollTo({ top: box.scrollHeight });
    const sizes = new ResizeObserver(follow);
    const watch = () => {
      for (const child of box.children) sizes.observe(child);
    };
    const arrivals = new MutationObserver(watch);
    watch();
    arrivals.observe(box, { childList: true });
    return () => {
      sizes.disconnect();
      arrivals.disconnect();
    };
  }, []);

  useEffect(() => {
    if (highlighted === undefined) return;
    list.current?.querySelector(`[data-ts="${highlighted}"]`)?.scrollIntoView({ block: 'center' });
  }, [highlighted]);

  return (
    <div
      className="messages"
      ref={list}
      data-testid={testId}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        if (scrollHeight - scrollTop - clientHeight < 80) following.current = true;
        else if (scrollTop < lastTop.current) following.current = false;
        lastTop.current = scrollTop;
      }}
    >
      <div className="spring" />
      {entries.length === 0 && (
        <p className="empty quiet">
          Nothing has been said here yet. Type / below to see what can be asked for.
        </p>
      )}
      {entries.map((entry, index) =>
        'from' in entry ? (
          <EphemeralView key={entry.ts} {...shared} ephemeral={entry} />
        ) : (
          <Fragment key={entry.ts}>
            <MessageView
              {...shared}
              message={entry}
              continued={!(isThread && index === 1) && continues(entry, entries[index - 1])}
              highlighted={entry.ts === highlighted}
            />
            {isThread && index === 0 && <Count replies={messages.length - 1} />}
          </Fragment>
        ),
      )}
    </div>
  );
}

function Count({ replies }: { readonly replies: number }) {
  return <p className="count quiet">{replies === 1 ? '1 reply' : `${replies} replies`}</p>;
}

function continues(entry: Message, before: Message | Ephemeral | undefined): boolean {
  return (
    before !== undefined &&
    !('from' in before) &&
    before.user === entry.user &&
    Number(entry.ts) - Number(before.ts) < SAME_BREATH_SECONDS
  );
}
