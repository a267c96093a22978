import { GiveUp, sentenceOf } from '../../errors.ts';
import { type Desk, type PersonActor, type Spot, tellPrivately } from '../desk.ts';
import { code, mention, quote, safe } from '../views/text.ts';
import { withoutFlags } from './start.ts';

/** Whom a refusal names. */
const mayNot =
  'You may not switch flags off here. Anyone on call can, and whoever has the right "stop" in slipway.yml.';

/** Whether this person may stop what is not theirs. */
export function mayStop({ rights }: PersonActor): boolean {
  return rights.includes('on-call') || rights.includes('stop') || rights.includes('administer');
}

/** Switches off a flag that no rollout of ours has on: no queue, no record but the flag service's, and the channel reads who did it. */
export async function flagOff(
  desk: Desk,
  request: {
    readonly flag: string;
    readonly environment: string;
    /** Where it is looked for when it is not ramping: one that is on for everybody may be in any project. */
    readonly project: string | undefined;
    readonly reason?: string | undefined;
    /** What our rollouts have to do with it. */
    readonly about: string;
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { flag, environment, reason, about, by, spot } = request;
  if (!mayStop(by)) return tellPrivately(desk, spot, mayNot);
  if (!desk.flags) return tellPrivately(desk, spot, withoutFlags);
  const ramping = await desk.flags.ramping(environment).catch(() => []);
  const project = ramping.find((one) => one.flag === flag)?.project ?? request.project ?? 'default';
  try {
    const { route } = await desk.flags.off({ project, flag, environment });
    const how = route === 'zero' ? 'set to 0 %' : 'switched off';
    await announce(desk, spot, {
      text: `${safe(by.name, 80)} ${how === 'switched off' ? how : `${how}:`} the flag ${safe(flag, 100)} in ${safe(environment, 60)}.`,
      markup: `${mention(by)} ${how} the flag ${code(flag)} in ${safe(environment, 60)}. ${about}${reason === undefined ? '' : `\n${quote(reason, 500)}`}`,
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
