import type { FlagSight } from '../../domain/rollout/reading.ts';
import type { FlagPlace } from '../../ports.ts';
import { type Ask, bodyOf, placeName } from './requests.ts';
import { type EventBody, eventsBody, userBody } from './shapes.ts';

/** Who a token is, as the events name it. */
export type Identity = { readonly id: number | undefined; readonly name: string; readonly shared: boolean };

/** Our own user. Asked once; an answer that did not come is asked for again. */
export function identityWith(ask: Ask): () => Promise<Identity> {
  let known: Promise<Identity> | undefined;
  const read = async (): Promise<Identity> => {
    const { user } = await bodyOf(
      ask,
      { method: 'GET', path: '/api/admin/user', doing: 'asking whose our token is' },
      userBody,
    );
    return {
      id: user.id ?? user.internalAdminTokenUserId,
      name: user.email ?? user.username ?? 'unknown',
      shared: user.id === undefined,
    };
  };
  return () => {
    known ??= read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

/** Events that change what users get; tags, descriptions and favourites do not. */
const telling = new Set([
  'feature-strategy-add',
  'feature-strategy-update',
  'feature-strategy-remove',
  'feature-environment-enabled',
  'feature-environment-disabled',
  'feature-environment-variants-updated',
  'feature-archived',
  'feature-revived',
  'feature-deleted',
  'feature-project-change',
  'feature-dependency-added',
  'feature-dependency-removed',
  'feature-dependencies-removed',
]);

/** The newest change of the flag by somebody else than us after `since`. */
export async function foreignChange(
  place: FlagPlace,
  given: { readonly ask: Ask; readonly identity: () => Promise<Identity>; readonly since: string },
): Promise<FlagSight['foreign']> {
  const us = await given.identity();
  const since = Date.parse(given.since);
  const from = `IS:${new Date(since).toISOString().slice(0, 10)}`;
  const events = await changes(place, { ask: given.ask, query: { from, limit: '100' } });
  const newest = events
    .filter(({ createdByUserId, createdAt }) => createdByUserId !== us.id && Date.parse(createdAt) > since)
    .sort((a, b) => b.id - a.id)[0];
  return newest && { by: newest.createdBy, what: whatOf(newest), at: newest.createdAt };
}

/** The number of the newest change, which the revision of what clients are told has to reach. */
export async function newestChange(place: FlagPlace, ask: Ask): Promise<number> {
  const events = await changes(place, { ask, query: { limit: '20' } });
  return Math.max(0, ...events.map(({ id }) => id));
}

/** What changed the flag in this environment, or in all. */
async function changes(
  place: FlagPlace,
  { ask, query }: { readonly ask: Ask; readonly query: Readonly<Record<string, string>> },
): Promise<readonly EventBody[]> {
  const { events } = await bodyOf(
    ask,
    {
      method: 'GET',
      path: `/api/admin/search/events?${new URLSearchParams({ feature: `IS:${place.flag}`, ...query })}`,
      doing: `reading who changed ${placeName(place)}`,
    },
    eventsBody,
  );
  return events.filter(
    ({ type, environment }) => telling.has(type) && (environment ?? place.environment) === place.environment,
  );
}

/** What was done, as the end of a sentence that begins with who did it. */
export function whatOf(event: EventBody): string {
  switch (event.type) {
    case 'feature-environment-enabled':
      return 'switched it on';
    case 'feature-environment-disabled':
      return 'switched it off';
    case 'feature-archived':
      return 'archived it';
    case 'feature-strategy-add':
      return `added the strategy ${event.data?.name ?? '(unknown)'}${percentOf(event.data)}`;
    case 'feature-strategy-remove':
      return `removed the strategy ${event.preData?.name ?? '(unknown)'}${percentOf(event.preData)}`;
    case 'feature-strategy-update':
      return updates(event).join(', ') || 'saved its strategy without changing it';
    default:
      return (event.label ?? event.type).toLowerCase();
  }
}

type Change = EventBody['data'];

function percentOf(change: Change): string {
  const rollout = change?.parameters?.rollout;
  return rollout === undefined ? '' : ` at ${rollout} %`;
}

function updates({ preData: before, data: after }: EventBody): readonly string[] {
  const value = (change: Change, name: string) => String(change?.parameters?.[name] ?? '-');
  const changed = (name: string) => value(before, name) !== value(after, name);
  const fromTo = (name: string) => `from ${value(before, name)} to ${value(after, name)}`;
  const differs = (name: 'constraints' | 'segments' | 'variants') =>
    JSON.stringify(before?.[name] ?? []) !== JSON.stringify(after?.[name] ?? []);
  return [
    ...(changed('rollout') ? [`set it ${fromTo('rollout')} %`] : []),
    ...(changed('groupId') ? [`changed its group ${fromTo('groupId')}, which deals all users anew`] : []),
    ...(changed('stickiness')
      ? [`changed its stickiness ${fromTo('stickiness')}, which deals all users anew`]
      : []),
    ...((before?.disabled ?? false) !== (after?.disabled ?? false)
      ? [after?.disabled ? 'disabled its strategy' : 'enabled its strategy']
      : []),
    ...(['constraints', 'segments', 'variants'] as const)
      .filter(differs)
      .map((name) => `changed its ${name}`),
  ];
}
