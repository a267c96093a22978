import type { FlagSight } from '../../domain/rollout/reading.ts';
import { GiveUp, TryAgain } from '../../errors.ts';
import type { FlagPlace, Flags } from '../../ports.ts';
import { find, fitOrGiveUp, goneError, sightOf, stand } from './read.ts';
import {
  type Answer,
  type Ask,
  bodyOf,
  environmentPath,
  placeName,
  projectPath,
  refusalOf,
  strategyPath,
  succeeded,
} from './requests.ts';
import { anything } from './shapes.ts';
import { type Standing, standingOf } from './standing.ts';

/**
 * Makes the flag, its strategy at 0 %, and only then enables it: enabling first would give it to everybody.
 * A flag that is off above 0 % is answered as it is, since this changes no percentage.
 */
export async function prepare(
  place: FlagPlace,
  wanted: Parameters<Flags['prepare']>[1],
  ask: Ask,
): Promise<FlagSight> {
  if (wanted.stickiness === 'random')
    throw new GiveUp(
      `The flag ${place.flag} may not have the stickiness random: users would flip between both versions at every request. Choose userId or another field that stays.`,
    );
  let standing = await standOrMake(place, wanted, ask);
  if (standing.kind === 'empty' && !standing.enabled) {
    await addStrategy(place, wanted, ask);
    standing = await stand(place, ask);
  }
  const flag = fitOrGiveUp(standing, place);
  if (flag.stickiness !== wanted.stickiness)
    throw new GiveUp(
      `The flag ${placeName(place)} has the stickiness ${flag.stickiness}, and ${wanted.stickiness} is asked for. Changing it deals all users anew, so change it in Unleash while it is at 0 %, or set rollout.stickiness to ${flag.stickiness}.`,
    );
  return flag.enabled || flag.percent > 0 ? flag : enable(place, ask);
}

async function standOrMake(
  place: FlagPlace,
  wanted: Parameters<Flags['prepare']>[1],
  ask: Ask,
): Promise<Standing> {
  const found = await find(place, { ask });
  if (found.kind === 'found') return standingOf(found.feature, place);
  if (found.kind === 'archived' || !wanted.create) throw goneError(place, found);
  const question = {
    method: 'POST',
    path: projectPath(place),
    doing: `making the flag ${place.flag} in project ${place.project}`,
    body: { name: place.flag, type: 'release', description: wanted.description },
  } as const;
  const answer = await ask(question);
  // Somebody else, or our try before this one, may have made it meanwhile.
  if (!succeeded(answer) && answer.status !== 409) throw refusalOf(answer, question);
  return stand(place, ask);
}

async function addStrategy(place: FlagPlace, wanted: { readonly stickiness: string }, ask: Ask) {
  await bodyOf(
    ask,
    {
      method: 'POST',
      path: `${environmentPath(place)}/strategies`,
      doing: `adding a gradual rollout at 0 % to ${placeName(place)}`,
      body: {
        name: 'flexibleRollout',
        title: 'Slipway',
        constraints: [],
        segments: [],
        variants: [],
        disabled: false,
        // All values are strings, and a rollout that is left out is one of 100 %.
        parameters: { rollout: '0', stickiness: wanted.stickiness, groupId: place.flag },
      },
    },
    anything,
  );
}

/** On again; only at 0 %. */
export async function on(place: FlagPlace, ask: Ask): Promise<FlagSight> {
  const flag = fitOrGiveUp(await stand(place, ask), place);
  if (flag.percent > 0)
    throw new GiveUp(
      `The flag ${placeName(place)} stands at ${flag.percent} %, and is switched on at 0 % only. Set it to 0 % first.`,
    );
  return flag.enabled ? flag : enable(place, ask);
}

/** Enables and reads again: when its strategy went away in between, Unleash has given it to everybody. */
async function enable(place: FlagPlace, ask: Ask): Promise<FlagSight> {
  await post(place, 'on', ask);
  const standing = await stand(place, ask);
  if (standing.kind === 'fit' && standing.flag.percent === 0) return standing.flag;
  await post(place, 'off', ask);
  throw new GiveUp(
    `Somebody changed ${placeName(place)} while it was switched on, and it was no longer at 0 %: it is off again. Look at its strategies in Unleash.`,
  );
}

async function post(place: FlagPlace, to: 'on' | 'off', ask: Ask): Promise<void> {
  await bodyOf(
    ask,
    {
      method: 'POST',
      path: `${environmentPath(place)}/${to}`,
      doing: `switching ${placeName(place)} ${to}`,
    },
    anything,
  );
}

/**
 * A JSON Patch that first tests the percentage it starts from, then a look at what is there. The look decides:
 * a patch whose answer was lost counts, and a test that failed is answered by Unleash like a crash (500).
 */
export async function setPercent(
  place: FlagPlace,
  change: Change,
  ask: Ask,
): Promise<{ readonly kind: 'set' | 'conflict'; readonly flag: FlagSight }> {
  const { strategy, from, to } = change;
  if (strategy === '')
    throw new GiveUp(
      `${placeName(place)} has no strategy whose percentage could be set. Start its rollout again, which adds one.`,
    );
  for (const percent of [from, to])
    if (!Number.isInteger(percent) || percent < 0 || percent > 100)
      throw new GiveUp(
        `${percent} % cannot be set on ${placeName(place)}: it takes whole numbers from 0 to 100, and Unleash would not refuse others.`,
      );
  const isDone = (flag: FlagSight) => flag.strategy === strategy && flag.percent === to;
  const before = await stand(place, ask);
  // What else is odd about the flag never stands in the way of lowering.
  if (before.kind !== 'unfit' || to > from) {
    const flag = sightOf(before, place);
    if (isDone(flag)) return { kind: 'set', flag };
    if (flag.strategy !== strategy || flag.percent !== from) return { kind: 'conflict', flag };
  }
  const answer = await patch(place, change, ask).catch((error: unknown) => {
    if (error instanceof TryAgain) return error;
    throw error;
  });
  const flag = sightOf(await stand(place, ask), place);
  if (isDone(flag)) return { kind: 'set', flag };
  if (flag.strategy !== strategy || flag.percent !== from) return { kind: 'conflict', flag };
  throw unchanged(answer, doing(place, change));
}

type Change = Parameters<Flags['setPercent']>[1];

function doing(place: FlagPlace, { from, to }: Change): string {
  return `setting ${placeName(place)} from ${from} to ${to} %`;
}

function patch(place: FlagPlace, change: Change, ask: Ask): Promise<Answer> {
  return ask({
    method: 'PATCH',
    path: strategyPath(place, change.strategy),
    doing: doing(place, change),
    body: [
      { op: 'test', path: '/parameters/rollout', value: `${change.from}` },
      { op: 'replace', path: '/parameters/rollout', value: `${change.to}` },
    ],
  });
}

/** The patch alone, for the rehearsal: throws unless it was accepted. */
export async function patchPercent(place: FlagPlace, change: Change, ask: Ask): Promise<void> {
  const answer = await patch(place, change, ask);
  if (!succeeded(answer)) throw refusalOf(answer, { doing: doing(place, change) });
}

function unchanged(answer: Answer | TryAgain, was: string): Error {
  if (answer instanceof TryAgain) return answer;
  return succeeded(answer)
    ? new TryAgain(`Unleash agreed to ${was} and does not show it yet.`)
    : refusalOf(answer, { doing: was });
}
