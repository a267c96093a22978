import { execFile } from 'node:child_process';
import { existsSync, globSync, realpathSync, statSync } from 'node:fs';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { satisfies } from './node-range.ts';
import { isDirectory, readPlain } from './tree.ts';

/** The programs a check finds, besides the system's own. */
export type Toolchain = {
  readonly mounts: readonly { readonly from: string; readonly to: string; readonly writable: false }[];
  readonly path: string;
  /** For the record and for cache keys, for example `24.21.0`. */
  readonly node: string;
  /** What the repository asked for and did not get. */
  readonly wanted?: string;
};

type InstalledNode = { readonly program: string; readonly version: string };

/**
 * The Node that the repository asks for, when it is installed, else Slipway's own; with the machine's npm, which
 * works for all of them; and the directories the workflow names.
 */
export async function toolchainFor(request: {
  readonly directory: string;
  readonly toolchains: readonly string[];
  /** What will be run. */
  readonly commands: readonly string[];
  /** Kept between runs: a copy of Node that other users may run. */
  readonly scratch: string;
}): Promise<Toolchain> {
  const asked = await askedFor(request.directory);
  const own: InstalledNode = { program: process.execPath, version: process.versions.node };
  const implied = asked === undefined ? await impliedBy(request.commands, request.directory) : undefined;
  const wanted = asked ?? implied;
  const chosen = wanted === undefined ? own : await installed(wanted, own);
  const { program, version } = chosen ?? own;
  const bin = join(request.scratch, 'bin');
  await mkdir(bin, { recursive: true });
  await chmod(bin, 0o755);
  const npm = await npmFolder();
  for (const [name, script] of [
    ['npm', 'npm-cli.js'],
    ['npx', 'npx-cli.js'],
  ]) {
    await writeFile(
      join(bin, name ?? ''),
      `#!/bin/sh\nexec /run/slipway/node/node /run/slipway/npm/bin/${script} "$@"\n`,
      {
        mode: 0o755,
      },
    );
    await chmod(join(bin, name ?? ''), 0o755);
  }
  const mounts = [
    {
      from: await runnableByAll(program, request.scratch),
      to: '/run/slipway/node/node',
      writable: false as const,
    },
    ...(npm === undefined ? [] : [{ from: npm, to: '/run/slipway/npm', writable: false as const }]),
    { from: bin, to: '/run/slipway/bin', writable: false as const },
    ...request.toolchains.map((from) => ({ from, to: from, writable: false as const })),
  ];
  const named: string[] = [];
  for (const folder of request.toolchains)
    named.push((await isDirectory(join(folder, 'bin'))) ? join(folder, 'bin') : folder);
  return {
    mounts,
    path: ['/run/slipway/node', '/run/slipway/bin', ...named, '/usr/local/bin', '/usr/bin', '/bin'].join(
      delimiter,
    ),
    node: version,
    ...(wanted !== undefined && chosen === undefined ? { wanted } : {}),
  };
}

const manifest = z.looseObject({
  engines: z.looseObject({ node: z.string().optional() }).optional().catch(undefined),
  scripts: z.record(z.string(), z.string()).optional().catch(undefined),
  volta: z.looseObject({ node: z.string().optional() }).optional().catch(undefined),
});

/** A version or a range, as the repository writes it; the more exact sources first. */
async function askedFor(directory: string): Promise<string | undefined> {
  for (const file of ['.nvmrc', '.node-version']) {
    const text = (await readPlain(directory, file))?.split('#')[0]?.trim();
    if (text) return text;
  }
  const text = await readPlain(directory, 'package.json');
  try {
    const read = manifest.safeParse(JSON.parse(text ?? '{}'));
    return read.data?.volta?.node ?? read.data?.engines?.node;
  } catch {
    return undefined;
  }
}

/** `node --test DIRECTORY` runs the tests there up to Node 20; from 21 it takes the directory for a file and fails. */
async function impliedBy(commands: readonly string[], directory: string): Promise<string | undefined> {
  const text = await readPlain(directory, 'package.json');
  const scripts = manifestScripts(text);
  for (const command of [...commands, ...scripts]) {
    if (!/\bnode\b.*\s--test\b/.test(command) || /strip-types|--import[ =]/.test(command)) continue;
    const words = command.slice(command.indexOf('--test')).split(/[;&|]/)[0]?.split(/\s+/) ?? [];
    for (const word of words) {
      const path = word.replace(/^["']|["']$/g, '');
      if (/^[\w./-]+$/.test(path) && !path.startsWith('-') && (await isDirectory(join(directory, path))))
        return '>=18 <21';
    }
  }
  return undefined;
}

function manifestScripts(text: string | undefined): readonly string[] {
  try {
    return Object.values(manifest.safeParse(JSON.parse(text ?? '{}')).data?.scripts ?? {});
  } catch {
    return [];
  }
}

async function installed(asked: string, own: InstalledNode): Promise<InstalledNode | undefined> {
  if (satisfies(own.version, asked)) return own;
  const home = homedir();
  const candidates = [
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node')),
    '/usr/local/bin/node',
    '/usr/bin/node',
    ...globSync([
      join(home, '.nvm/versions/node/*/bin/node'),
      join(home, '.volta/tools/image/node/*/bin/node'),
      join(home, '.local/share/fnm/node-versions/*/installation/bin/node'),
      join(home, '.asdf/installs/nodejs/*/bin/node'),
      join(home, '.local/share/mise/installs/node/*/bin/node'),
      '/usr/local/n/versions/node/*/bin/node',
    ]),
  ].filter((path) => existsSync(path));
  const fitting: InstalledNode[] = [];
  for (const program of new Set(candidates.map((path) => realpathSync(path)))) {
    const version = await versionOf(program);
    if (version !== undefined && satisfies(version, asked)) fitting.push({ program, version });
  }
  return fitting.sort((one, other) => other.version.localeCompare(one.version, 'en', { numeric: true }))[0];
}

async function versionOf(program: string): Promise<string | undefined> {
  const answer = await promisify(execFile)(program, ['--version'], { timeout: 10_000, cwd: '/' }).catch(
    () => undefined,
  );
  return /^v(\d+\.\d+\.\d+)/.exec(answer?.stdout ?? '')?.[1];
}

/** The npm that belongs to the machine: the package around the `npm` on the path. */
async function npmFolder(): Promise<string | undefined> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/bin', '/usr/bin'];
  for (const folder of folders) {
    const link = join(folder, 'npm');
    if (!existsSync(link)) continue;
    const package_ = dirname(dirname(realpathSync(link)));
    if (existsSync(join(package_, 'bin/npm-cli.js')) && existsSync(join(package_, 'bin/npx-cli.js')))
      return package_;
  }
  return undefined;
}

/** The program itself, or a copy when its own permissions keep the sandbox's user from running it. */
async function runnableByAll(program: string, scratch: string): Promise<string> {
  if ((statSync(program).mode & 0o005) === 0o005) return program;
  const copy = join(scratch, 'node');
  await copyFile(program, copy);
  await chmod(copy, 0o755);
  return copy;
}
