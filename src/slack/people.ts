import type { WebClient } from '@slack/web-api';
import type { Actor, Right } from '../domain/process.ts';
import { GiveUp, TryAgain } from '../errors.ts';
import { calling } from './calling.ts';
import { type OnCallSchedule, onCallNow } from './on-call.ts';

/** Who may do what, from slipway.yml: everyone, or user ids and user group ids. */
export type Holders = Readonly<Record<Exclude<Right, 'on-call'>, 'everyone' | readonly string[]>>;

type PersonActor = Extract<Actor, { kind: 'person' }>;

/** The actor with the rights they have now, or the sentence that says why they have none. */
export type People = {
  actor(user: string): Promise<PersonActor | { readonly refuse: string }>;
  /** Somebody who may do it, to be named in a refusal or asked. */
  holdersOf(right: Exclude<Right, 'on-call'>): Promise<readonly string[]>;
  /** Who is on call now. */
  onCall(): Promise<readonly string[]>;
};

const keepMs = 5 * 60_000;

export type PeopleOptions = {
  readonly client: Pick<WebClient, 'users' | 'usergroups'>;
  readonly holders: Holders;
  /** Without it nobody is on call. */
  readonly onCall?: { readonly group: string } | OnCallSchedule;
  readonly team: string;
  readonly now: () => number;
};

/** Stopping must not fail because Slack cannot say who somebody is: what they might do last is remembered for that. */
const stopping: readonly Right[] = ['stop', 'on-call'];
const stopMs = 60 * 60_000;

/** Resolves people and user groups through Slack; kept for five minutes at most. */
export function createPeople(options: PeopleOptions): People {
  const { client, holders, now } = options;
  const kept = new Map<string, { readonly until: number; readonly value: Promise<unknown> }>();
  const remembered = <Value>(key: string, load: () => Promise<Value>): Promise<Value> => {
    const found = kept.get(key);
    if (found && found.until > now()) return found.value as Promise<Value>;
    const value = load();
    kept.set(key, { until: now() + keepMs, value });
    value.catch(() => kept.delete(key));
    return value;
  };
  const known = new Map<string, { readonly until: number; readonly actor: PersonActor }>();
  const members = (group: string) =>
    remembered(
      `group ${group}`,
      async () =>
        (
          await calling(`reading the user group ${group}`, () =>
            client.usergroups.users.list({ usergroup: group }),
          )
        ).users ?? [],
    );
  const user = (id: string) =>
    remembered(
      `user ${id}`,
      async () => (await calling(`looking up ${id} in Slack`, () => client.users.info({ user: id }))).user,
    );

  const onCall = async (): Promise<readonly string[]> => {
    if (!options.onCall) return [];
    return 'group' in options.onCall
      ? members(options.onCall.group)
      : onCallNow(options.onCall, new Date(now()));
  };
  const has = async (id: string, right: Right): Promise<boolean> => {
    if (right === 'on-call') return (await onCall()).includes(id);
    const holding = holders[right];
    if (holding === 'everyone' || holding.includes(id)) return true;
    for (const group of holding.filter((holder) => holder.startsWith('S'))) {
      if ((await members(group)).includes(id)) return true;
    }
    return false;
  };

  const resolve: People['actor'] = async (id) => {
    const found = await user(id);
    if (!found) throw new GiveUp(`Looking up ${id} in Slack: there is no such person.`);
    if (found.is_bot || found.deleted)
      return { refuse: 'Bots and deactivated people may not ask Slipway for anything.' };
    if (found.is_restricted || found.is_ultra_restricted) {
      return { refuse: 'Guests may not use Slipway. Ask a full member of the workspace to do it.' };
    }
    if (found.is_stranger || (found.team_id !== undefined && found.team_id !== options.team)) {
      return {
        refuse: 'People of other workspaces may not use Slipway. Ask a member of this one to do it.',
      };
    }
    const all: readonly Right[] = ['request', 'steer', 'approve', 'stop', 'on-call', 'administer'];
    const administers = await has(id, 'administer');
    const held = await Promise.all(all.map(async (right) => administers || (await has(id, right))));
    return {
      kind: 'person',
      id,
      name: found.profile?.display_name || found.name || id,
      rights: all.filter((_right, index) => held[index]),
    };
  };

  return {
    onCall,
    async actor(id) {
      try {
        const actor = await resolve(id);
        if ('refuse' in actor) known.delete(id);
        else known.set(id, { until: now() + stopMs, actor });
        return actor;
      } catch (error) {
        const last = known.get(id);
        if (!(error instanceof TryAgain) || !last || last.until < now()) throw error;
        const { actor } = last;
        return { ...actor, rights: actor.rights.filter((right) => stopping.includes(right)) };
      }
    },
    async holdersOf(right) {
      const holding = holders[right];
      if (holding === 'everyone') return [];
      const lists = await Promise.all(
        holding.map((holder) => (holder.startsWith('S') ? members(holder) : Promise.resolve([holder]))),
      );
      return [...new Set(lists.flat())];
    },
  };
}
