import type { Sight } from '../control.ts';
import { Avatar } from './avatar.tsx';
import type { Place } from './place.ts';

/** Who is reading, and where they can go. */
export function Sidebar(props: {
  readonly sight: Sight;
  readonly place: Place;
  readonly onPerson: (id: string) => void;
  readonly onChannel: (id: string) => void;
  readonly onApp: () => void;
}) {
  const { sight, place } = props;
  const me = sight.users.find((user) => user.id === place.user);
  const current = sight.channels.find((channel) => channel.id === place.channel);
  return (
    <nav className="sidebar" aria-label="Workspace">
      <h1>
        {sight.team.name}
        <span className="quiet">local playground</span>
      </h1>
      <h2>Channels</h2>
      <ul>
        {sight.channels
          .filter((channel) => channel.kind !== 'im' && channel.members.includes(place.user))
          .map((channel) => (
            <li key={channel.id}>
              <button
                type="button"
                aria-current={channel.id === place.channel ? 'page' : undefined}
                onClick={() => props.onChannel(channel.id)}
              >
                <span className="quiet">{channel.kind === 'private' ? '🔒' : '#'}</span> {channel.name}
              </button>
            </li>
          ))}
      </ul>
      <h2>Apps</h2>
      <ul>
        <li>
          <button
            type="button"
            aria-current={current?.kind === 'im' ? 'page' : undefined}
            data-testid="app"
            onClick={props.onApp}
          >
            <Avatar small name={sight.app.name} isBot /> {sight.app.name}
          </button>
        </li>
      </ul>
      <label className="person">
        {me && <Avatar name={me.name} isBot={false} />}
        <span>
          <span className="quiet">You are</span>
          <select
            data-testid="person"
            aria-label="You are"
            value={place.user}
            onChange={(event) => props.onPerson(event.target.value)}
          >
            {sight.users
              .filter((user) => !user.isBot)
              .map((user) => (
                <option key={user.id} value={user.id}>
                  {user.realName}
                </option>
              ))}
          </select>
        </span>
      </label>
    </nav>
  );
}
