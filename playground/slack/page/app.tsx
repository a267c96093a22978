import { useEffect, useState } from 'react';
import type { Sight } from '../control.ts';
import type { Channel } from '../model.ts';
import type { Workspace } from '../workspace.ts';
import { Composer } from './composer.tsx';
import { Home } from './home.tsx';
import { Messages } from './messages.tsx';
import { Modal } from './modal.tsx';
import { nameOf } from './name-of.ts';
import { type Place, usePlace } from './place.ts';
import { Sidebar } from './sidebar.tsx';
import { Thread } from './thread.tsx';

/** The whole page: it draws what the workspace says it holds, and holds nothing itself but where the reader is. */
export function App({ workspace }: { readonly workspace: Workspace }) {
  const { sight, lost } = useSight(workspace);
  if (!sight) return <p className="loading">Connecting to the workspace…</p>;
  return (
    <>
      {lost && (
        <p className="lost" role="alert">
          The workspace does not answer; this is what it last said. Trying again…
        </p>
      )}
      <Rooms sight={sight} workspace={workspace} />
    </>
  );
}

/** The newest state of the workspace; changes that come together are read together. */
function useSight(workspace: Workspace): { readonly sight: Sight | undefined; readonly lost: boolean } {
  const [sight, setSight] = useState<Sight>();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    let reading = false;
    let again = false;
    const read = async (): Promise<void> => {
      again = reading;
      if (reading) return;
      reading = true;
      try {
        setSight(await workspace.sight());
        setLost(false);
      } catch {
        setLost(true);
      } finally {
        reading = false;
      }
      if (again) await read();
    };
    void read();
    const stop = workspace.onChange(() => void read());
    const steady = setInterval(() => void read(), 5_000);
    return () => {
      stop();
      clearInterval(steady);
    };
  }, [workspace]);
  return { sight, lost };
}

function Rooms({ sight, workspace }: { readonly sight: Sight; readonly workspace: Workspace }) {
  const [place, go] = usePlace({
    user: sight.users.find((user) => !user.isBot)?.id ?? '',
    channel: sight.channels[0]?.id ?? '',
    thread: undefined,
    tab: 'messages',
    highlighted: undefined,
  });
  const { user } = place;
  const channel = sight.channels.find(
    (each) => each.id === place.channel && (each.kind !== 'im' || each.name === user),
  );
  const modal = sight.modals[user]?.at(-1);
  const shared = { sight, workspace, user };

  const openApp = async (tab: Place['tab']): Promise<void> => {
    const opened = await workspace.as(user).openHome(tab);
    go({ channel: opened.channel, thread: undefined, tab });
  };

  return (
    <div className={place.thread === undefined ? 'page' : 'page with-thread'}>
      <Sidebar
        sight={sight}
        place={place}
        onPerson={(id) =>
          go({ user: id, ...(channel?.kind === 'im' ? { channel: sight.channels[0]?.id ?? '' } : {}) })
        }
        onChannel={(id) => go({ channel: id, thread: undefined, tab: 'messages' })}
        onApp={() => void openApp('home')}
      />
      {channel ? (
        <main>
          <Heading channel={channel} sight={sight} tab={place.tab} onTab={(tab) => void openApp(tab)} />
          {channel.kind === 'im' && place.tab === 'home' ? (
            <Home {...shared} />
          ) : (
            <>
              <Messages
                key={`${channel.id} ${user}`}
                {...shared}
                testId="messages"
                highlighted={place.highlighted}
                messages={sight.messages.filter(
                  (each) => each.channel === channel.id && (each.threadTs === undefined || each.broadcast),
                )}
                ephemerals={sight.ephemerals.filter(
                  (each) => each.channel === channel.id && each.user === user && each.threadTs === undefined,
                )}
                onThread={(thread) => go({ thread })}
              />
              <Composer
                {...shared}
                channel={channel.id}
                testId="composer"
                placeholder={`Message ${nameOf(channel, sight).replace('# ', '#')}`}
              />
            </>
          )}
        </main>
      ) : (
        <main>
          <p className="loading">Choose a channel.</p>
        </main>
      )}
      {channel && place.thread !== undefined && (
        <Thread
          {...shared}
          channel={channel}
          thread={place.thread}
          onClose={() => go({ thread: undefined })}
        />
      )}
      {modal && <Modal key={modal.id} {...shared} view={modal} />}
    </div>
  );
}

function Heading(props: {
  readonly channel: Channel;
  readonly sight: Sight;
  readonly tab: Place['tab'];
  readonly onTab: (tab: Place['tab']) => void;
}) {
  const { channel, sight, tab, onTab } = props;
  return (
    <header className="heading">
      <h1>{nameOf(channel, sight)}</h1>
      {channel.kind === 'im' ? (
        <div role="tablist">
          {(['home', 'messages'] as const).map((each) => (
            <button
              type="button"
              role="tab"
              key={each}
              aria-selected={tab === each}
              onClick={() => onTab(each)}
            >
              {each === 'home' ? 'Home' : 'Messages'}
            </button>
          ))}
        </div>
      ) : (
        <span className="quiet">
          {channel.members.length} members{channel.topic && ` · ${channel.topic}`}
        </span>
      )}
    </header>
  );
}
