import { useEffect, useState } from 'react';

/** Where the reader is; it lives in the address, so that links and reloads lead back. */
export type Place = {
  readonly user: string;
  readonly channel: string;
  readonly thread: string | undefined;
  readonly tab: 'home' | 'messages';
  readonly highlighted: string | undefined;
};

/** Reads `/archives/CHANNEL/pTS?thread_ts=…&as=USER&tab=…`, the form of Slack's permalinks. */
function readPlace(address: URL): Partial<Place> {
  const [, , channel, message] = address.pathname.split('/');
  const ts =
    message && /^p\d{16}$/.test(message) ? `${message.slice(1, 11)}.${message.slice(11)}` : undefined;
  return {
    ...(address.searchParams.has('as') ? { user: address.searchParams.get('as') ?? '' } : {}),
    ...(channel ? { channel } : {}),
    thread: address.searchParams.get('thread_ts') ?? undefined,
    tab: address.searchParams.get('tab') === 'home' ? 'home' : 'messages',
    highlighted: ts,
  };
}

export function addressOf(place: Place): string {
  const query = new URLSearchParams({
    as: place.user,
    ...(place.thread === undefined ? {} : { thread_ts: place.thread }),
    ...(place.tab === 'home' ? { tab: 'home' } : {}),
  });
  return `/archives/${place.channel}?${query}`;
}

export function usePlace(first: Place): [Place, (change: Partial<Place>) => void] {
  const [place, setPlace] = useState<Place>({ ...first, ...readPlace(new URL(location.href)) });
  useEffect(() => {
    const back = () => setPlace((now) => ({ ...now, ...readPlace(new URL(location.href)) }));
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  const go = (change: Partial<Place>): void => {
    const next = { ...place, highlighted: undefined, ...change };
    history.pushState(null, '', addressOf(next));
    setPlace(next);
  };
  return [place, go];
}
