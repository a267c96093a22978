import type { FlagSight } from '../../domain/rollout/reading.ts';
import { GiveUp } from '../../errors.ts';
import type { FlagPlace } from '../../ports.ts';
import {
  type Ask,
  bodyAs,
  environmentPath,
  flagPath,
  placeName,
  type Question,
  refusalOf,
  succeeded,
} from './requests.ts';
import { type FeatureBody, featureBody } from './shapes.ts';
import { type Standing, standingOf } from './standing.ts';

export type Found =
  | { readonly kind: 'found'; readonly feature: FeatureBody }
  | { readonly kind: 'archived' }
  | { readonly kind: 'missing'; readonly because: string };

/** The flag with all its environments, or why there is none. */
export async function find(
  place: FlagPlace,
  { ask, timeoutMs }: { readonly ask: Ask; readonly timeoutMs?: number },
): Promise<Found> {
  const question = {
    method: 'GET',
    path: flagPath(place),
    doing: `reading ${placeName(place)}`,
    ...(timeoutMs !== undefined && { timeoutMs }),
  } as const satisfies Question;
  const answer = await ask(question);
  if (succeeded(answer)) {
    const feature = bodyAs(answer, question, featureBody);
    return feature.archived === true ? { kind: 'archived' } : { kind: 'found', feature };
  }
  if (answer.status !== 404) throw refusalOf(answer, question);
  // An archived flag is not found either, but its environments still are.
  const environment = await ask({ ...question, path: environmentPath(place) });
  if (succeeded(environment)) return { kind: 'archived' };
  return { kind: 'missing', because: refusalOf(answer, question).message };
}

/** How it stands; gives up when it is archived or does not exist. */
export async function stand(place: FlagPlace, ask: Ask): Promise<Standing> {
  const found = await find(place, { ask });
  if (found.kind === 'found') return standingOf(found.feature, place);
  throw goneError(place, found);
}

export function goneError(place: FlagPlace, found: Exclude<Found, { kind: 'found' }>): GiveUp {
  return found.kind === 'archived'
    ? new GiveUp(
        `The flag ${place.flag} of project ${place.project} is archived, so that nobody gets it. Revive it in Unleash, or choose another.`,
      )
    : new GiveUp(
        `There is no flag ${place.flag} in project ${place.project} that our token can see. ${found.because} Create it, or correct the name.`,
      );
}

/**
 * What can be seen of it, also where it has no strategy yet: off, at 0 %, of no name. Gives up when its
 * percentage is none to go by.
 */
export function sightOf(standing: Standing, place: FlagPlace): FlagSight {
  if (standing.kind === 'empty' && !standing.enabled)
    return { enabled: false, percent: 0, strategy: '', stickiness: '' };
  return fitOrGiveUp(standing, place);
}

/** The flag, or the sentence that says why we do not touch it. */
export function fitOrGiveUp(standing: Standing, place: FlagPlace): FlagSight {
  switch (standing.kind) {
    case 'fit':
      return standing.flag;
    case 'unfit':
      throw new GiveUp(standing.because);
    case 'empty':
      throw new GiveUp(
        standing.enabled
          ? `The flag ${placeName(place)} is on without any enabled strategy, so that everybody gets it. Switch it off, or add a gradual rollout.`
          : `The flag ${placeName(place)} has no enabled strategy, so that Unleash keeps it off. Start its rollout again, which adds a gradual rollout at 0 %.`,
      );
  }
}
