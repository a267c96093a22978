import type { FlagSight } from '../../domain/rollout/reading.ts';
import { sentenceOf } from '../../errors.ts';
import type { FlagPlace, Flags } from '../../ports.ts';
import type { Clients } from './clients.ts';
import type { Identity } from './foreign.ts';
import { disable } from './off.ts';
import { fitOrGiveUp, stand } from './read.ts';
import { type Ask, placeName } from './requests.ts';
import { on, patchPercent } from './write.ts';

type Check = Awaited<ReturnType<Flags['rehearse']>>['checks'][number];

const clientsMs = 10_000;

/**
 * Switches off and on for real while nobody is exposed, since rights, change requests and maintenance mode
 * show themselves only to those who write. Touches nothing when somebody is exposed.
 */
export async function rehearse(
  place: FlagPlace,
  given: { readonly ask: Ask; readonly clients: Clients; readonly identity: () => Promise<Identity> },
): ReturnType<Flags['rehearse']> {
  const { ask, clients } = given;
  const checks: Check[] = [];
  const check = async (name: string, attempt: () => Promise<string>): Promise<boolean> => {
    try {
      checks.push({ name, ok: true, detail: await attempt() });
      return true;
    } catch (error) {
      checks.push({ name, ok: false, detail: sentenceOf(error) });
      return false;
    }
  };
  const before = fitOrGiveUp(await stand(place, ask), place);
  if (!before.enabled || before.percent > 0) {
    const detail = `${placeName(place)} is ${before.enabled ? 'on' : 'off'} at ${before.percent} %, and the way back is tried only where it is on at 0 %.`;
    return { checks: [{ name: 'nobody is exposed', ok: false, detail }], flag: before };
  }

  await check('our user', async () => {
    const { name, shared } = await given.identity();
    return shared
      ? `Our token is an admin API token (${name}): changes by other admin tokens will not be told from ours.`
      : `Unleash will show our changes as those of ${name}.`;
  });
  await check('route 2: 0 %', async () => {
    await patchPercent(place, { strategy: before.strategy, from: 0, to: 0 }, ask);
    return 'Our token may set the percentage.';
  });
  await check('clients', async () => {
    const seen = await clients.until(place, { met: (told) => told?.enabled === true, withinMs: clientsMs });
    if (seen !== undefined) return `Clients of ${place.environment} are told of ${place.flag}.`;
    throw new Error(
      `Clients of ${place.environment} are not told that ${place.flag} is on. Is the SDK token one for project ${place.project}, and Unleash not in maintenance mode?`,
    );
  });
  let offSeconds: number | undefined;
  const isOff = await check('route 1: off', async () => {
    await disable(place, ask);
    return 'Our token may switch it off.';
  });
  if (isOff) {
    await check('time until clients obey', async () => {
      offSeconds = await clients.until(place, {
        met: (told) => told?.enabled !== true,
        withinMs: clientsMs,
      });
      if (offSeconds === undefined)
        throw new Error(
          `${clientsMs / 1000} s after it was switched off, clients are still told that it is on.`,
        );
      return `${offSeconds.toFixed(1)} s after it was switched off, Unleash told clients so. SDKs ask every 15 s unless set otherwise.`;
    });
    await check('on again', async () => {
      await on(place, ask);
      return 'It is on again at 0 %.';
    });
  }
  const flag: FlagSight = fitOrGiveUp(await stand(place, ask), place);
  return { checks, ...(offSeconds !== undefined && { offSeconds }), flag };
}
