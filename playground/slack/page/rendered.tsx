import { memo } from 'react';
import { Message as LibraryBlocks, type MessageProps } from 'slack-blocks-to-jsx';
import type { Sight } from '../control.ts';
import { Emoji } from './emoji.tsx';
import { forLibrary } from './library-text.ts';

/** One block that only shows something, drawn by the library. */
export const Rendered = memo(function Rendered(props: {
  readonly block: Readonly<Record<string, unknown>>;
  readonly sight: Sight;
}) {
  const { sight } = props;
  const blocks: MessageProps['blocks'] = forLibrary(JSON.parse(JSON.stringify([props.block])));
  return (
    <LibraryBlocks
      blocks={blocks}
      logo=""
      name=""
      theme="light"
      withoutWrapper
      data={{
        users: sight.users.map((user) => ({ id: user.id, name: user.name })),
        channels: sight.channels.map((channel) => ({ id: channel.id, name: channel.name })),
        user_groups: sight.userGroups.map((group) => ({ id: group.id, name: group.handle })),
      }}
      hooks={{
        user: ({ name }) => <span className="mention">@{name}</span>,
        channel: ({ name }) => <span className="mention">#{name}</span>,
        usergroup: ({ name }) => <span className="mention">@{name}</span>,
        atChannel: () => <span className="mention loud">@channel</span>,
        atEveryone: () => <span className="mention loud">@everyone</span>,
        atHere: () => <span className="mention loud">@here</span>,
        date: (date) => <When {...date} />,
        emoji: (emoji, unicode) => <Emoji name={emoji.name} otherwise={unicode(emoji)} />,
      }}
    />
  );
});

/** Message text that is not in blocks. */
export function RenderedText(props: { readonly text: string; readonly sight: Sight }) {
  if (props.text === '') return null;
  return (
    <Rendered block={{ type: 'section', text: { type: 'mrkdwn', text: props.text } }} sight={props.sight} />
  );
}

/** `<!date^…>` in the reader's own time, as https://docs.slack.dev/messaging/formatting-message-text describes. */
function When(props: {
  readonly timestamp: string;
  readonly format: string;
  readonly link: string | null;
  readonly fallback: string;
}) {
  const date = new Date(Number(props.timestamp) * 1_000);
  if (Number.isNaN(date.getTime())) return <span>{props.fallback}</span>;
  const words = props.format.replace(/\{(\w+)\}/g, (all, token: string) => DATE_TOKENS[token]?.(date) ?? all);
  const time = <time dateTime={date.toISOString()}>{words}</time>;
  return props.link ? <a href={props.link}>{time}</a> : time;
}

const day = (options: Intl.DateTimeFormatOptions) => (date: Date) =>
  date.toLocaleDateString('en-GB', options);
const LONG_DATE = day({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const SHORT_DATE = day({ day: 'numeric', month: 'short', year: 'numeric' });
const DATE = day({ day: 'numeric', month: 'long', year: 'numeric' });
const TIME = (date: Date) => date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

function pretty(format: (date: Date) => string): (date: Date) => string {
  return (date) => {
    const days = Math.round((startOfDay(date) - startOfDay(new Date())) / 86_400_000);
    return NEAR_DAYS[days] ?? format(date);
  };
}
const NEAR_DAYS: Readonly<Record<number, string>> = { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' };
function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

const DATE_TOKENS: Readonly<Record<string, (date: Date) => string>> = {
  date_num: (date) => date.toISOString().slice(0, 10),
  date: DATE,
  date_short: SHORT_DATE,
  date_long: LONG_DATE,
  date_pretty: pretty(DATE),
  date_short_pretty: pretty(SHORT_DATE),
  date_long_pretty: pretty(LONG_DATE),
  time: TIME,
  time_secs: (date) => date.toLocaleTimeString('en-GB'),
  ago: (date) => {
    const minutes = Math.round((Date.now() - date.getTime()) / 60_000);
    return minutes < 60 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
  },
};
