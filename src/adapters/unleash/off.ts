import { GiveUp, sentenceOf, TryAgain } from '../../errors.ts';
import type { FlagPlace } from '../../ports.ts';
import type { Clients } from './clients.ts';
import { newestChange } from './foreign.ts';
import { reaches } from './ramping.ts';
import { find, goneError } from './read.ts';
import {
  type Ask,
  environmentPath,
  nameOf,
  placeName,
  refusalOf,
  strategyPath,
  succeeded,
} from './requests.ts';
import type { ClientFeature, StrategyBody } from './shapes.ts';
import { noEnvironment } from './standing.ts';

/** A person waits: each call gets less time than elsewhere. */
const hurryMs = 3000;
const clientsMs = 4000;

type Tools = { readonly ask: Ask; readonly clients: Clients };

/** Off for everybody: by switching the environment off, or else by taking every strategy to nobody. */
export async function off(place: FlagPlace, tools: Tools): Promise<{ readonly route: 'off' | 'zero' }> {
  const reasons: unknown[] = [];
  for (const route of ['off', 'zero'] as const) {
    try {
      if (route === 'off') await disable(place, tools.ask);
      else {
        await toNobody(place, tools.ask);
        await clientsFollow(place, tools);
      }
      return { route };
    } catch (error) {
      reasons.push(error);
    }
  }
  throw bothFailed(place, reasons);
}

/** Both reasons, when neither way worked. It is worth another try when one of them is. */
function bothFailed(place: FlagPlace, reasons: readonly unknown[]): TryAgain | GiveUp {
  const said = reasons.map(sentenceOf).join(' Setting 0 % instead did not work either: ');
  const sentence = `${placeName(place)} is not off. ${said}`;
  const cause = new AggregateError(reasons);
  return reasons.some((reason) => reason instanceof TryAgain)
    ? new TryAgain(sentence, { cause })
    : new GiveUp(sentence, { cause });
}

/**
 * In maintenance mode Unleash takes a patch and tells no client: the flag reads 0 % and users still get it.
 * Only a revision that has reached the change is proof that they are told; what an answer says of the flag is
 * none, since it may be made for us alone. Where our tokens may not ask, it is not asked.
 */
async function clientsFollow(place: FlagPlace, { ask, clients }: Tools): Promise<void> {
  const wait = async () => {
    const change = await newestChange(place, ask);
    const met = (told: ClientFeature | undefined, revision = change) =>
      revision >= change && (told === undefined || !reaches(told));
    return clients.until(place, { met, withinMs: clientsMs });
  };
  const seconds = await wait().catch((error: unknown) => {
    if (error instanceof GiveUp) return 0;
    throw error;
  });
  if (seconds === undefined)
    throw new TryAgain(
      `${placeName(place)} is at 0 %, and ${clientsMs / 1000} s later clients have not been told, so that users still get it. If Unleash is in maintenance mode, an administrator has to end that.`,
    );
}

/** The first route. An archived flag is off already. */
export async function disable(place: FlagPlace, ask: Ask): Promise<void> {
  const question = {
    method: 'POST',
    path: `${environmentPath(place)}/off`,
    doing: `switching ${placeName(place)} off`,
    timeoutMs: hurryMs,
  } as const;
  const answer = await ask(question);
  if (nameOf(answer) === 'ArchivedFeatureError') return;
  if (!succeeded(answer)) {
    const found = await find(place, { ask, timeoutMs: hurryMs });
    if (found.kind === 'archived') return;
    if (found.kind === 'found' && isOff(found.feature, place)) return;
    throw refusalOf(answer, question);
  }
  const found = await find(place, { ask, timeoutMs: hurryMs });
  if (found.kind === 'found' && isOn(found.feature, place))
    throw new TryAgain(`Unleash agreed to switch ${placeName(place)} off, and it is still on.`);
}

/** The second route, for when our token may change strategies but not the environment, or the first has failed. */
async function toNobody(place: FlagPlace, ask: Ask): Promise<void> {
  const found = await find(place, { ask, timeoutMs: hurryMs });
  if (found.kind === 'archived') return;
  if (found.kind === 'missing') throw goneError(place, found);
  if (!found.feature.environments.some(({ name }) => name === place.environment))
    throw new GiveUp(noEnvironment(found.feature, place));
  const writes = await Promise.allSettled(
    reaching(found.feature, place).map((strategy) => closeStrategy(place, strategy, ask)),
  );
  const after = await find(place, { ask, timeoutMs: hurryMs });
  if (after.kind !== 'found' || !isOn(after.feature, place)) return;
  const open = reaching(after.feature, place);
  if (open.length === 0 && activeOf(after.feature, place).length > 0) return;
  const failed = writes.find((write) => write.status === 'rejected');
  if (failed) throw failed.reason;
  throw new TryAgain(
    `${placeName(place)} still reaches users, since somebody changes it: ${open.map(({ name }) => name).join(', ') || 'it is on without a strategy, which is everybody'}.`,
  );
}

async function closeStrategy(place: FlagPlace, { id, name }: StrategyBody, ask: Ask): Promise<void> {
  const question = {
    method: 'PATCH',
    path: strategyPath(place, id),
    doing: `taking the strategy ${name} of ${placeName(place)} to nobody`,
    body: [
      name === 'flexibleRollout'
        ? { op: 'replace', path: '/parameters/rollout', value: '0' }
        : { op: 'replace', path: '/disabled', value: true },
    ],
    timeoutMs: hurryMs,
  } as const;
  const answer = await ask(question);
  if (!succeeded(answer)) throw refusalOf(answer, question);
}

type Feature = Extract<Awaited<ReturnType<typeof find>>, { kind: 'found' }>['feature'];

/** Not known to have an environment of that name is not off. */
function isOff(feature: Feature, place: FlagPlace): boolean {
  return feature.environments.some(({ name, enabled }) => name === place.environment && !enabled);
}

function isOn(feature: Feature, place: FlagPlace): boolean {
  return feature.environments.some(({ name, enabled }) => name === place.environment && enabled);
}

function activeOf(feature: Feature, place: FlagPlace): readonly StrategyBody[] {
  const environment = feature.environments.find(({ name }) => name === place.environment);
  return environment?.strategies.filter(({ disabled }) => disabled !== true) ?? [];
}

/** The strategies that may give it to somebody. */
function reaching(feature: Feature, place: FlagPlace): readonly StrategyBody[] {
  return activeOf(feature, place).filter(
    ({ name, parameters }) => name !== 'flexibleRollout' || parameters.rollout !== '0',
  );
}
