import { type Desk, type PersonActor, rolloutId, type Spot, sendToRollout, tellPrivately } from '../desk.ts';

/** Starts a rollout of any flag. It hangs on the person's own message, or on a thread that is there already. */
export async function startRollout(
  desk: Desk,
  request: {
    /** What it came with; the rollout's name is made from it. */
    readonly source: string;
    readonly flag: string;
    readonly environments?: readonly string[];
    readonly stages?: readonly number[];
    readonly message?: string | undefined;
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { flag, environments, stages, message, by, spot } = request;
  if (!desk.flags) return tellPrivately(desk, spot, withoutFlags);
  const obstacle = await desk.channels.obstacle(spot.channel);
  if (obstacle !== undefined) return tellPrivately(desk, spot, obstacle);
  const [repository] = await desk.channels.repositoriesOf(spot.channel);
  const id = rolloutId(request.source);
  await sendToRollout(desk, {
    id,
    by,
    spot,
    command: {
      type: 'start',
      id,
      flag,
      origin: { kind: 'asked', ...(repository !== undefined && { repository }) },
      owner: { id: by.id, name: by.name },
      channel: spot.channel,
      ...(message !== undefined && { thread: message }),
      createFlag: false,
      ...(environments && { environments }),
      ...(stages && { stages }),
    },
  });
}

export const withoutFlags =
  'No flag service is configured here, so nothing can be rolled out or switched off. Set UNLEASH_URL and UNLEASH_TOKEN, and start Slipway again.';
