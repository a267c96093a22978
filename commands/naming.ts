import { environmentNow, isOver, type RolloutState } from '../src/domain/rollout/state.ts';
import { rolloutWaitsFor } from '../src/domain/rollout/waiting.ts';

/** The rollout a person means, or the sentence that says why none is. */
export type Which = { readonly rollout: RolloutState } | { readonly none: string };

/** Of several rollouts of a flag the one that exposes users, then one that is not over, then the newest. */
export function whichRollout(rollouts: readonly RolloutState[], flag: string): Which {
  const [newest] = rollouts.filter((state) => sameFlag(state.flag, flag)).toSorted(byAge);
  if (newest) return { rollout: newest };
  const near = nearestFlags(rollouts, flag);
  const hint = near.length === 0 ? '' : ` Did you mean ${near.map(asCode).join(' or ')}?`;
  return { none: `There is no rollout of the flag ${asCode(flag)} that you can see.${hint}` };
}

export function sameFlag(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function byAge(one: RolloutState, other: RolloutState): number {
  const nearer = distanceFromUsers(one) - distanceFromUsers(other);
  return nearer !== 0 ? nearer : (other.startedAt ?? '').localeCompare(one.startedAt ?? '');
}

/** A feature that is merged again waits beside the rollout that is under way, which is the one to be stopped. */
function distanceFromUsers({ phase }: RolloutState): number {
  if (phase.kind === 'ramping' || phase.kind === 'holding') return 0;
  return isOver(phase) ? 2 : 1;
}

/** At most three flags whose name was mistyped or cut short. */
function nearestFlags(rollouts: readonly RolloutState[], word: string): readonly string[] {
  const wanted = word.toLowerCase();
  const away = (flag: string) => {
    const name = flag.toLowerCase();
    return name.includes(wanted) || wanted.includes(name) ? 0 : distance(wanted, name);
  };
  return [...new Set(rollouts.map(({ flag }) => flag))]
    .filter((flag) => away(flag) <= Math.max(1, Math.floor(flag.length / 3)))
    .toSorted((one, other) => away(one) - away(other) || one.localeCompare(other))
    .slice(0, 3);
}

/** How many letters must be added, removed or changed. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [down, letter] of [...from].entries()) {
    const next = [down + 1];
    for (const [across, other] of [...to].entries()) {
      const changed = (row[across] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min((next[across] ?? 0) + 1, (row[across + 1] ?? 0) + 1, changed));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** A name that a person typed, as code: it can call nobody and end nothing. */
export function asCode(text: string): string {
  const kept = text.replace(/[`\p{Cc}]/gu, '').slice(0, 80);
  return `\`${kept.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') || ' '}\``;
}

/** A rollout in one line of a list. */
export function lineOf(state: RolloutState): string {
  const { phase } = state;
  const environment = environmentNow(state);
  const where = [
    ...(state.stage >= 0 && !isOver(phase) ? [` at ${state.wanted.percent} %`] : []),
    ...(environment === undefined ? [] : [` in ${asCode(environment)}`]),
  ].join('');
  const place = state.channel === undefined ? '' : ` · <#${state.channel}>`;
  const waits = phase.kind === 'planned' && rolloutWaitsFor(state) === 'owner' ? ', waits for its owner' : '';
  return `• ${asCode(state.flag)}: ${phase.kind.replaceAll('-', ' ')}${waits}${where}${place}`;
}

/** The first word, without the mark after it, and the rest. */
export function firstWord(text: string): { readonly word: string; readonly rest: string } {
  const [, word = '', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  return { word: word.replace(/[,:.!?]+$/, ''), rest: rest.trim() };
}

/** What comes after "because", or the words as they are. */
export function reasonOf(text: string): { readonly reason?: string } {
  const reason = text.replace(/^(because|since|:|,|-)\s+/i, '').trim();
  return reason === '' ? {} : { reason: reason.slice(0, 500) };
}
