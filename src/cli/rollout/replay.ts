import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { GiveUp, sentenceOf } from '../../errors.ts';
import type { Io } from '../io.ts';
import { evidenceOptions, readEvidence } from './options.ts';
import { type Replayed, replay } from './refold.ts';
import { readTicks } from './tick-file.ts';

export const replayUsage = `slipway rollout replay FILE [--alpha 0.01] [--beta 0.05] [--rho0 1.05] [--phi 1] [--restarts] [--json]

Folds recorded ticks again. FILE holds one JSON object a line:
  {"at": ISO time, "metric": name, "stage": percent, "exposed": {"n", "bad"}, "control": {"n", "bad"}}
Lines with the same time are one tick. Evidence of harm goes on through all stages; evidence of safety begins anew
where the stage of a metric changes, with the usual tolerance of the new one. Logarithms are natural.
  --restarts   with the restarts that find late harm sooner
A tick is "harm" when the plain average of the metrics' evidence reaches 1/alpha, "safe" when each of them has 1/beta
for its safety at a stage of that tick, "no-data" when it holds no requests at all, else "undecided". The decision is "halt" after any tick
with harm, "advance" when the last tick is safe, else "hold".
Exit status: 0 answered, 2 the file could not be read.`;

export async function replayCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...evidenceOptions, restarts: { type: 'boolean', default: false } },
  });
  if (values.help) {
    io.out(replayUsage);
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new GiveUp('Name one file of ticks.');
  const text = await contentOf(file, io.cwd);
  const replayed = replay(readTicks(text, file), { ...readEvidence(values), restarts: values.restarts });
  if (values.json) io.out(JSON.stringify(replayed));
  else for (const line of asText(replayed)) io.out(line);
  return 0;
}

async function contentOf(file: string, cwd: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8');
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new GiveUp(
      isMissing ? `There is no file ${file}.` : `${file} could not be read: ${sentenceOf(cause)}`,
      { cause },
    );
  }
}

function asText({ ticks, decision }: Replayed): readonly string[] {
  const changes = ticks.filter((tick, index) => tick.verdict !== ticks[index - 1]?.verdict);
  const last = ticks.at(-1);
  return [
    ...changes.map(({ at, verdict }) => `${at}  ${verdict}`),
    ...Object.entries(last?.metrics ?? {}).map(
      ([metric, { logE, logS }]) =>
        `${metric}: log E ${logE.toFixed(3)}, log S ${logS.toFixed(3)} at the end`,
    ),
    `${ticks.length} ticks: ${decision}`,
  ];
}
