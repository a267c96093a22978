#!/usr/bin/env node
import { auditCommand } from './cli/audit.ts';
import { contextCommand } from './cli/context.ts';
import { doctorCommand } from './cli/doctor.ts';
import type { Command } from './cli/io.ts';
import { rolloutCommand } from './cli/rollout.ts';
import { verifyCommand } from './cli/verify.ts';
import { sentenceOf } from './errors.ts';

type Entry = { readonly usage: string; readonly what: string; readonly run: Command };

const commands: Readonly<Record<string, Entry>> = {
  start: {
    usage: 'start',
    what: 'the bot',
    run: async () => {
      await import('./main.ts');
      return new Promise<number>(() => {});
    },
  },
  demo: {
    usage: 'demo',
    what: 'the whole story in a local workspace',
    run: async (args, io) => (await import('./cli/demo.ts')).demoCommand(args, io),
  },
  playground: {
    usage: 'playground',
    what: 'the local workspace, left running, in the browser',
    run: async (args, io) => (await import('./cli/playground.ts')).playgroundCommand(args, io),
  },
  doctor: {
    usage: 'doctor [--json]',
    what: 'every setting, token and connection, checked',
    run: doctorCommand,
  },
  verify: {
    usage: 'verify DIR [--base REF] [--spec FILE] [--json]',
    what: 'the gates on a checkout',
    run: verifyCommand,
  },
  context: {
    usage: 'context DIR "request" [--json]',
    what: 'what the model would be shown, and why',
    run: contextCommand,
  },
  audit: {
    usage: 'audit verify [--json]',
    what: 'every chain walked and every process folded again',
    run: auditCommand,
  },
  rollout: {
    usage: 'rollout plan|simulate|replay [--json]',
    what: 'how long proof takes, how often it errs, what recorded ticks say',
    run: rolloutCommand,
  },
};

function usage(): string {
  const width = Math.max(...Object.values(commands).map((entry) => entry.usage.length));
  const lines = Object.values(commands).map(
    (entry) => `  slipway ${entry.usage.padEnd(width)}   ${entry.what}`,
  );
  return `Slipway takes a feature from a message in Slack to all of its users.\n\n${lines.join('\n')}\n`;
}

const [name = 'help', ...args] = process.argv.slice(2);
const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
// The playground comes with the development dependencies, so its commands are loaded only when they are asked for.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0);
  throw error;
});
const io = {
  out: (line: string) => process.stdout.write(`${line}\n`),
  err: (line: string) => process.stderr.write(`${line}\n`),
  cwd: process.cwd(),
  env: process.env,
};
if (!entry) {
  const asked = ['help', '--help', '-h'].includes(name);
  (asked ? io.out : io.err)(asked ? usage() : `There is no command "${name}".\n\n${usage()}`);
  process.exitCode = asked ? 0 : 2;
} else {
  try {
    process.exitCode = await entry.run(args, io);
  } catch (error) {
    io.err(`slipway ${name}: ${sentenceOf(error)}`);
    process.exitCode = 2;
  }
}
