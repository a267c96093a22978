import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FeatureCommand } from '../../src/domain/feature/commands.ts';
import { pendingJobs, workKey } from '../../src/domain/feature/pending.ts';
import type { FeatureState } from '../../src/domain/feature/state.ts';
import type { RolloutState } from '../../src/domain/rollout/state.ts';
import { BadAnswer, GiveUp } from '../../src/errors.ts';
import type { FeatureJob, Tools } from '../../src/jobs/common/job.ts';
import type {
  Blobs,
  Chat,
  Fleet,
  Forge,
  KeptChange,
  Model,
  ProposedChange,
  Sandbox,
} from '../../src/ports.ts';
import { createWorkspace } from '../../src/workspace/workspace.ts';

/** Blobs in memory. */
export function blobsInMemory(): Blobs & { readonly all: ReadonlyMap<string, string> } {
  const all = new Map<string, string>();
  return {
    all,
    async put(content) {
      const name = createHash('sha256').update(content).digest('hex');
      all.set(name, content);
      return name;
    },
    async get(name) {
      const content = all.get(name);
      if (content === undefined) throw new GiveUp(`There is no content ${name}.`);
      return content;
    },
  };
}

const usage = { model: 'test-1', inputTokens: 100, outputTokens: 20, dollars: 0.01 };

/**
 * A model that gives these answers in turn. Like the real door it reads each through the schema, asks once
 * more when it does not fit, and then gives up as `BadAnswer` with what is wrong.
 */
export function modelOf(...answers: readonly unknown[]) {
  const asked: { readonly role: string; readonly text: string }[] = [];
  const waiting = [...answers];
  const model: Model = {
    async ask({ role, messages, answer }) {
      const problems: string[] = [];
      while (problems.length < 2) {
        asked.push({ role, text: messages.map(({ content }) => content).join('\n') });
        const value = waiting.shift();
        const read = await answer.schema.safeParseAsync(value);
        if (read.success) return { answer: read.data, text: JSON.stringify(value), usage };
        problems.push(read.error.issues.map(({ message }) => message).join('; '));
      }
      throw new BadAnswer(`The model gave the ${role} no usable answer: ${problems.join(' / ')}`, { usage });
    },
  };
  return { model, asked };
}

/** A forge with one repository, the files of a directory; it remembers what it was given. */
export function forgeOf(directory: string) {
  const proposed: ProposedChange[] = [];
  const kept: KeptChange[] = [];
  let checkOuts = 0;
  const forge: Forge = {
    look: async () => ({ branch: 'main', commit: 'd'.repeat(40) }),
    async checkOut(request) {
      checkOuts += 1;
      await cp(directory, request.directory, { recursive: true, verbatimSymlinks: true });
      return [{ commit: 'd'.repeat(40), at: '2026-11-20T10:00:00Z', paths: ['src/shipping.ts'] }];
    },
    outcome: async () => ({ kind: 'open' }),
    async keep(change) {
      kept.push(change);
      return { url: 'http://forge.test/acme/shop/tree/x', headSha: '9'.repeat(40) };
    },
    async propose(change) {
      proposed.push(change);
      return {
        number: 7,
        url: 'http://forge.test/acme/shop/pull/7',
        draft: true,
        headSha: '9'.repeat(40),
        files: change.files.map(({ path }) => path),
      };
    },
  };
  return { forge, proposed, kept, checkOuts: () => checkOuts };
}

export function chatOf() {
  const said: { readonly key: string; readonly again: boolean }[] = [];
  const marks: unknown[] = [];
  const chat: Chat = {
    async tell(_state, key, { again }) {
      said.push({ key, again });
      return { ts: '5.000' };
    },
    linkTo: async ({ channel, ts }) => `https://acme.slack.test/archives/${channel}/p${ts}`,
    async mark(at, change) {
      marks.push({ ...at, ...change });
    },
  };
  return { chat, said, marks };
}

/** Other processes; it remembers which rollouts it was asked to start. */
export function fleetOf(open: readonly RolloutState[] = []) {
  const started: Parameters<Fleet['start']>[0][] = [];
  const fleet: Fleet = {
    async start(command) {
      started.push(command);
    },
    open: async () => open,
  };
  return { fleet, started };
}

/** A sandbox that must not be used. */
export const noSandbox: Sandbox = {
  unavailable: async () => 'bubblewrap is not installed. Install it with: apt-get install bubblewrap',
  run: async () => {
    throw new Error('Nothing may run without isolation.');
  },
};

export const shop: Readonly<Record<string, string>> = {
  '.slipway.yml': 'version: 1\nowner: "@maria"\nchecks: [{ name: test, run: npx vitest run }]\n',
  'package.json': '{ "name": "shop", "type": "module" }\n',
  'src/shipping.ts': 'export const shippingOf = (cents: number) => (cents === 0 ? 0 : 490);\n',
  'src/cart.ts':
    "import { shippingOf } from './shipping.ts';\nexport const total = (cents: number) => cents + shippingOf(cents);\n",
  'test/shipping.test.ts': "import { test } from 'vitest';\ntest('is there', () => {});\n",
};

/** A home of its own for one test, with a repository in it and every tool a job needs. */
export async function setBench(
  options: {
    readonly answers?: readonly unknown[];
    readonly files?: Readonly<Record<string, string>>;
    readonly sandbox?: Sandbox;
  } = {},
) {
  const home = await mkdtemp(join(tmpdir(), 'slipway-jobs-'));
  const source = join(home, 'source');
  await writeFiles(source, options.files ?? shop);
  const forge = forgeOf(source);
  const model = modelOf(...(options.answers ?? []));
  const chat = chatOf();
  const blobs = blobsInMemory();
  const fleet = fleetOf();
  const checkouts = join(home, 'checkouts');
  const tools: Tools = {
    chat: chat.chat,
    model: model.model,
    forge: forge.forge,
    sandbox: options.sandbox ?? noSandbox,
    blobs,
    workspace: createWorkspace({ forge: forge.forge, directory: checkouts }),
    cacheDirectory: join(home, 'cache'),
    maxDollars: 5,
    baseBranches: {},
    maxQuestions: 3,
    pollMs: 60_000,
    fleet: fleet.fleet,
  };
  return {
    home,
    source,
    checkouts,
    tools,
    blobs,
    forge,
    chat,
    asked: model.asked,
    started: fleet.started,
    /** Runs the job that a feature owes now; `key` picks another than its work. */
    run: (
      make: (tools: Tools) => FeatureJob,
      state: FeatureState,
      at: { key?: string; again?: boolean } = {},
    ) => {
      const key = at.key ?? workKey(state);
      const job = pendingJobs(state).find((pending) => pending.key === key);
      if (!job) throw new Error(`No job ${key} is pending.`);
      const context = {
        processId: state.id,
        job,
        state,
        again: at.again ?? false,
        signal: new AbortController().signal,
      };
      return make(tools)(context);
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}
export type Bench = Awaited<ReturnType<typeof setBench>>;

export async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}

/** A command that must be of this type. */
export function as<Type extends FeatureCommand['type']>(type: Type, command: FeatureCommand) {
  if (!isOf(type, command)) throw new Error(`It answered ${command.type}: ${JSON.stringify(command)}`);
  return command;
}

function isOf<Type extends FeatureCommand['type']>(
  type: Type,
  command: FeatureCommand,
): command is Extract<FeatureCommand, { readonly type: Type }> {
  return command.type === type;
}

/** What a job throws. */
export async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
