import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { chartOf } from '../chart/chart-of.ts';
import type { Tick } from '../domain/rollout/reading.ts';
import type { RolloutState } from '../domain/rollout/state.ts';
import { sentenceOf, TryAgain } from '../errors.ts';
import { calling, errorCode } from './calling.ts';

/** The picture in a halt's message: a file of Slack's, or why there is none. */
export type HaltChart = { readonly file: string } | { readonly problem: string };

export type HaltCharts = {
  /** The picture of a message, uploaded when it is not yet. Undefined when there is nothing to draw. */
  of(
    state: RolloutState,
    key: string,
    posted: () => Promise<string | undefined>,
  ): Promise<HaltChart | undefined>;
};

const uploadMs = 10_000;
/** How long Slack usually looks at an uploaded picture before it takes it in a message. */
const lookMs = 500;

/**
 * Draws the chart of a halt once and uploads it. A picture must never keep people from reading that something was
 * halted, so a problem with it is a line in the message, and the next drawing tries again.
 */
export function createHaltCharts(options: {
  readonly client: Pick<WebClient, 'files'>;
  readonly ticksOf: (id: string) => Promise<readonly Tick[]>;
}): HaltCharts {
  const { client, ticksOf } = options;
  const kept = new Map<string, string>();

  const upload = async (flag: string, png: Buffer): Promise<string> => {
    const filename = `${flag.replace(/[^\w.-]/g, '-').slice(0, 80)}-halt.png`;
    const place = await calling(`asking Slack where to upload ${filename}`, () =>
      client.files.getUploadURLExternal({ filename, length: png.length }),
    );
    const { upload_url: url, file_id: id } = place;
    if (!url || !id) throw new TryAgain(`Uploading ${filename}: Slack named no place for it.`);
    const answer = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(png),
      signal: AbortSignal.timeout(uploadMs),
    });
    if (!answer.ok) throw new TryAgain(`Uploading ${filename}: Slack answered ${answer.status}.`);
    await calling(`completing the upload of ${filename}`, () =>
      client.files.completeUploadExternal({ files: [{ id, title: filename }] }),
    );
    return id;
  };

  return {
    async of(state, key, posted) {
      try {
        const known = kept.get(key) ?? (await posted());
        if (known !== undefined) {
          kept.set(key, known);
          return { file: known };
        }
        const png = await chartOf(state, await ticksOf(state.id));
        if (!png) return undefined;
        const file = await upload(state.flag, png);
        await sleep(lookMs);
        kept.set(key, file);
        return { file };
      } catch (error) {
        return { problem: sentenceOf(error) };
      }
    },
  };
}

/** How long Slack still may need, where that was not enough. */
const waitsMs: readonly number[] = [500, 1500];

/** Writes a message with its picture. While Slack does not know the file yet it is tried again, in the end without. */
export async function whenPictureIsReady<Result>(
  write: (chart: HaltChart) => Promise<Result>,
  chart: HaltChart,
): Promise<Result> {
  for (const wait of waitsMs) {
    try {
      return await write(chart);
    } catch (error) {
      if (errorCode(error) !== 'invalid_blocks') throw error;
      await sleep(wait);
    }
  }
  return write({ problem: 'Slack did not take the picture.' });
}
