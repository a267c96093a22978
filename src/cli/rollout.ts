import { GiveUp, sentenceOf } from '../errors.ts';
import type { Command } from './io.ts';
import { planCommand, planUsage } from './rollout/plan.ts';
import { replayCommand, replayUsage } from './rollout/replay.ts';
import { simulateCommand, simulateUsage } from './rollout/simulate.ts';

type Entry = {
  readonly usage: string;
  readonly run: (...given: Parameters<Command>) => number | Promise<number>;
};

const commands: Readonly<Record<string, Entry>> = {
  plan: { usage: planUsage, run: planCommand },
  simulate: { usage: simulateUsage, run: simulateCommand },
  replay: { usage: replayUsage, run: replayCommand },
};

const usage = Object.values(commands)
  .map((entry) => entry.usage)
  .join('\n\n');

/** The statistics of a rollout without a bot: before it, in theory, and afterwards. */
export const rolloutCommand: Command = async ([name = '', ...args], io) => {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    const asked = ['help', '--help', '-h'].includes(name);
    const problem = name === '' ? 'Name what to do.' : `There is no "rollout ${name}".`;
    if (asked) io.out(usage);
    else io.err(`${problem}\n\n${usage}`);
    return asked ? 0 : 2;
  }
  try {
    return await entry.run(args, io);
  } catch (error) {
    const isUsage = !(error instanceof GiveUp) && error instanceof TypeError;
    io.err(`slipway rollout ${name}: ${sentenceOf(error)}${isUsage ? `\n\n${entry.usage}` : ''}`);
    return 2;
  }
};
