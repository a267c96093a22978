import { environmentNow, isOver } from '../../domain/rollout/state.ts';
import { GiveUp, sentenceOf } from '../../errors.ts';
import { type Desk, type PersonActor, type Spot, tellPrivately } from '../desk.ts';
import { code, mention, quote, safe } from '../views/text.ts';
import { withoutFlags } from './start.ts';
import { doWish } from './wish.ts';

/** Whom a refusal names. */
const mayNot =
  'You may not switch flags off here. Anyone on call can, and whoever has the right "stop" in slipway.yml.';

/**
 * Switches off a flag that no recent rollout is about: in an emergency nobody asks first who ramped it. One that is
 * ramped here all the same is halted.
 */
export async function switchOffFlag(
  desk: Desk,
  request: {
    readonly flag: string;
    readonly environment?: string;
    readonly reason?: string;
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { flag, by, spot, reason } = request;
  const environment = request.environment ?? desk.environment;
  const ours = (await desk.engine.list({ kind: 'rollout', limit: 20_000 })).find(
    ({ state }) =>
      state.flag === flag && !isOver(state.phase) && (environmentNow(state) ?? environment) === environment,
  );
  if (ours) {
    const wish = { do: 'halt', ...(reason !== undefined && { reason }) } as const;
    return doWish(desk, { id: ours.id, wish, by, spot });
  }
  if (!mayStop(by)) return tellPrivately(desk, spot, mayNot);
  if (!desk.flags) return tellPrivately(desk, spot, withoutFlags);
  const place = { project: await projectOf(desk.flags, flag, environment), flag, environment };
  try {
    const { route } = await desk.flags.off(place);
    const how = route === 'zero' ? 'set to 0 %' : 'switched off';
    await announce(desk, spot, {
      text: `${safe(by.name, 80)} ${how === 'switched off' ? how : `${how}:`} the flag ${safe(flag, 100)} in ${safe(environment, 60)}.`,
      markup: `${mention(by)} ${how === 'switched off' ? 'switched off' : 'set to 0 %'} the flag ${code(flag)} in ${safe(environment, 60)}. None of my rollouts is about it, so I do not watch it.${reason === undefined ? '' : `\n${quote(reason, 500)}`}`,
    });
  } catch (error) {
    const again = error instanceof GiveUp ? '' : ' Press again, or switch it off in the flag service.';
    await tellPrivately(
      desk,
      spot,
      `${code(flag)} in ${safe(environment, 60)} is NOT off: ${safe(sentenceOf(error), 600)}${again}`,
    );
  }
}

/** Whether this person may stop what is not theirs. */
export function mayStop({ rights }: PersonActor): boolean {
  return rights.includes('on-call') || rights.includes('stop') || rights.includes('administer');
}

/** The project of a flag that is ramping; a flag that is on for everybody is looked for in the first one. */
async function projectOf(
  flags: NonNullable<Desk['flags']>,
  flag: string,
  environment: string,
): Promise<string> {
  const ramping = await flags.ramping(environment).catch(() => []);
  return ramping.find((one) => one.flag === flag)?.project ?? 'default';
}

/** Everybody in the channel reads who did it; where the bot cannot post, the person alone does. */
async function announce(
  desk: Desk,
  spot: Spot,
  said: { readonly text: string; readonly markup: string },
): Promise<void> {
  if ((await desk.channels.obstacle(spot.channel)) !== undefined)
    return tellPrivately(desk, spot, said.markup);
  await desk.client.chat.postMessage({
    channel: spot.channel,
    text: said.text,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: said.markup, verbatim: true } }],
    ...(spot.thread !== undefined && { thread_ts: spot.thread }),
    unfurl_links: false,
    unfurl_media: false,
  });
}
