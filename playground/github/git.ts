import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Runs git in one bare repository. Rejects with what git said when it does not exit with 0. */
export type Git = (
  args: readonly string[],
  options?: { readonly input?: string | Buffer; readonly env?: Readonly<Record<string, string>> },
) => Promise<Buffer>;

/** What the stand-in needs from the environment, and nothing of the user's own git settings. */
export const plainGitEnvironment = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
} as const;

export function gitIn(directory: string): Git {
  return (args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn('git', ['-c', 'core.quotePath=false', '-c', 'gc.auto=0', ...args], {
        cwd: directory,
        env: { ...plainGitEnvironment, ...options.env },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
      child.stdin.on('error', () => undefined);
      child.on('error', reject);
      child.on('close', (status) => {
        if (status === 0) return resolve(Buffer.concat(out));
        const said = `${Buffer.concat(err)}${Buffer.concat(out)}`.trim();
        reject(new Error(`git ${args.join(' ')} in ${directory} ended with ${status}: ${said}`));
      });
      child.stdin.end(options.input ?? '');
    });
}

/** The output as a line of text, or undefined when git refused. */
export async function lineOf(git: Git, args: readonly string[]): Promise<string | undefined> {
  const output = await git(args).catch(() => undefined);
  return output?.toString('utf8').trim();
}

/** The full sha of a commit, branch or tag, or undefined. */
export async function commitOf(git: Git, ref: string): Promise<string | undefined> {
  if (ref.startsWith('-')) return undefined;
  for (const name of [`refs/heads/${ref}`, ref]) {
    const sha = await lineOf(git, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
    if (sha) return sha;
  }
  return undefined;
}

export type Signature = { readonly name: string; readonly email: string; readonly date: string };
export type Commit = {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
};

const commitFormat = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x1e';

function parseCommits(text: string): Commit[] {
  return text
    .split('\x1e')
    .map((record) => record.replace(/^\n/, '').split('\0'))
    .filter((fields) => fields.length === 10)
    .map(
      ([
        sha = '',
        tree = '',
        parents = '',
        an = '',
        ae = '',
        ad = '',
        cn = '',
        ce = '',
        cd = '',
        body = '',
      ]) => ({
        sha,
        tree,
        parents: parents.split(' ').filter(Boolean),
        author: { name: an, email: ae, date: utc(ad) },
        committer: { name: cn, email: ce, date: utc(cd) },
        message: body.replace(/\n$/, ''),
      }),
    );
}

/** GitHub writes its times in UTC with seconds. */
export function utc(date: string | Date): string {
  return new Date(date).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The time now, as GitHub writes it. */
export const now = () => utc(new Date());

export async function logOf(git: Git, range: readonly string[]): Promise<Commit[]> {
  return parseCommits((await git(['log', `--format=${commitFormat}`, ...range])).toString('utf8'));
}

export async function readCommit(git: Git, sha: string): Promise<Commit | undefined> {
  const commits = await logOf(git, ['-1', sha]).catch(() => []);
  return commits[0];
}

export type TreeEntry = {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number | undefined;
  readonly path: string;
};

export async function listTree(git: Git, tree: string, recursive: boolean): Promise<TreeEntry[]> {
  const output = await git(['ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), tree]);
  return output
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((record) => {
      const [head = '', path = ''] = record.split('\t');
      const [mode = '', type = '', sha = '', size = '-'] = head.split(/ +/);
      return { mode, type, sha, size: size === '-' ? undefined : Number(size), path };
    });
}

/** Makes a commit object and answers its sha. */
export async function writeCommit(
  git: Git,
  commit: {
    readonly tree: string;
    readonly parents: readonly string[];
    readonly message: string;
    readonly author: Signature;
    readonly committer: Signature;
  },
): Promise<string> {
  const args = ['commit-tree', commit.tree, ...commit.parents.flatMap((parent) => ['-p', parent])];
  const output = await git(args, {
    input: commit.message,
    env: {
      GIT_AUTHOR_NAME: commit.author.name,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_AUTHOR_DATE: commit.author.date,
      GIT_COMMITTER_NAME: commit.committer.name,
      GIT_COMMITTER_EMAIL: commit.committer.email,
      GIT_COMMITTER_DATE: commit.committer.date,
    },
  });
  return output.toString('utf8').trim();
}

export type IndexChange = { readonly path: string; readonly mode: string; readonly sha: string | null };

/** Writes the tree that a base tree becomes with these changes; a null sha takes the path away. */
export async function changeTree(
  git: Git,
  base: string | undefined,
  changes: readonly IndexChange[],
): Promise<string> {
  const directory = (await git(['rev-parse', '--absolute-git-dir'])).toString('utf8').trim();
  const index = join(directory, `index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git(base ? ['read-tree', base] : ['read-tree', '--empty'], { env });
    const input = changes
      .map(({ path, mode, sha }) => (sha === null ? `0 ${noObject}\t${path}\0` : `${mode} ${sha}\t${path}\0`))
      .join('');
    await git(['update-index', '-z', '--index-info'], { env, input });
    return (await git(['write-tree', '--missing-ok'], { env })).toString('utf8').trim();
  } finally {
    await rm(index, { force: true });
  }
}

export const noObject = '0'.repeat(40);

export async function writeBlob(git: Git, content: string | Buffer): Promise<string> {
  const sha = await git(['hash-object', '-w', '--stdin', '--no-filters'], { input: content });
  return sha.toString('utf8').trim();
}
