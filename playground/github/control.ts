import { mkdir } from 'node:fs/promises';
import type { Commit, IndexChange, Signature } from './git.ts';
import {
  changeTree,
  commitOf,
  gitIn,
  lineOf,
  logOf,
  noObject,
  now,
  utc,
  writeBlob,
  writeCommit,
} from './git.ts';
import { mergePull, reviewPull } from './pulls.ts';
import type { Pull, Repository } from './state.ts';
import type { World } from './world.ts';
import { afterPush, announcePull, branchesOf } from './world.ts';

export type PersonCommit = {
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  /** The new contents by path; null deletes the file. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly message: string;
  readonly login: string;
  readonly date?: string;
};

/** What people do on GitHub, for the story and for tests. Repositories are named `owner/name`. */
export type People = {
  /** Makes a repository with the branches of a local git repository, its history included. */
  createRepository(wanted: {
    readonly name: string;
    readonly from: string;
    readonly defaultBranch?: string;
    readonly description?: string;
  }): Promise<void>;
  /** Pushes one commit to a branch as a person, making the branch from the default one when it is new. */
  commit(wanted: PersonCommit): Promise<string>;
  merge(wanted: {
    readonly repository: string;
    readonly number: number;
    readonly login: string;
  }): Promise<string>;
  review(wanted: {
    readonly repository: string;
    readonly number: number;
    readonly login: string;
    readonly event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';
    readonly body?: string;
  }): void;
  readyForReview(wanted: {
    readonly repository: string;
    readonly number: number;
    readonly login: string;
  }): Promise<void>;
  close(wanted: {
    readonly repository: string;
    readonly number: number;
    readonly login: string;
  }): Promise<void>;
  has(repository: string): boolean;
  branches(repository: string): Promise<readonly { readonly name: string; readonly sha: string }[]>;
  pulls(repository: string): readonly Pull[];
  log(repository: string, ref: string): Promise<readonly Commit[]>;
  /** The content of a file at a ref; undefined when it is not there. */
  read(repository: string, ref: string, path: string): Promise<string | undefined>;
};

export function makePeople(world: World): People {
  const find = (full: string): Repository => {
    const [owner = '', name = ''] = full.split('/');
    const repository = world.store.find(owner, name);
    if (!repository) throw new Error(`This GitHub has no repository ${full}; create it first.`);
    return repository;
  };
  const pullOf = (full: string, number: number) => {
    const repository = find(full);
    const pull = repository.pulls.find((one) => one.number === number);
    if (!pull) throw new Error(`${full} has no pull request ${number}.`);
    return { repository, pull };
  };
  const signatureOf = (login: string, date: string): Signature => {
    const person = world.people.find((one) => one.login === login);
    return {
      name: person?.name ?? login,
      email: person?.email ?? `${login}@users.noreply.github.com`,
      date: utc(date),
    };
  };

  return {
    async createRepository({ name: full, from, defaultBranch = 'main', description }) {
      const [owner = '', name = ''] = full.split('/');
      if (world.store.find(owner, name)) throw new Error(`This GitHub has ${full} already.`);
      const directory = world.store.directoryOf({ owner, name });
      await mkdir(directory, { recursive: true });
      const git = gitIn(directory);
      await git(['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`, '.']);
      await git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
      await git(['config', 'uploadpack.allowFilter', 'true']);
      await git(['config', 'http.receivepack', 'true']);
      await git(['fetch', '--quiet', from, '+refs/heads/*:refs/heads/*'], {
        env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' },
      });
      world.store.add({
        id: world.store.id(),
        owner,
        name,
        description: description ?? null,
        defaultBranch,
        createdAt: now(),
        pushedAt: now(),
        nextNumber: 1,
        pulls: [],
        labels: [],
        comments: [],
        reviews: [],
        checkRuns: [],
        statuses: [],
      });
      world.store.save();
    },

    async commit({ repository: full, branch, files, message, login, date = now() }) {
      const repository = find(full);
      const git = world.git(repository);
      const before = await lineOf(git, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]);
      const parent = before ?? (await commitOf(git, repository.defaultBranch));
      const changes: IndexChange[] = [];
      for (const [path, content] of Object.entries(files))
        changes.push({ path, mode: '100644', sha: content === null ? null : await writeBlob(git, content) });
      const tree = await changeTree(git, parent, changes);
      const who = signatureOf(login, date);
      const after = await writeCommit(git, {
        tree,
        parents: parent ? [parent] : [],
        message: `${message}\n`,
        author: who,
        committer: who,
      });
      await git(['update-ref', `refs/heads/${branch}`, after, before ?? noObject]);
      await afterPush(world, { repository, branch, before, after, login });
      return after;
    },

    merge: ({ repository, number, login }) => mergePull(world, { ...pullOf(repository, number), login }),
    review({ repository, number, login, event, body = '' }) {
      reviewPull(world, { ...pullOf(repository, number), login, event, body });
    },
    async readyForReview({ repository: full, number, login }) {
      const { repository, pull } = pullOf(full, number);
      pull.draft = false;
      pull.updatedAt = now();
      world.store.save();
      await announcePull(world, { repository, pull, action: 'ready_for_review', login });
    },
    async close({ repository: full, number, login }) {
      const { repository, pull } = pullOf(full, number);
      pull.state = 'closed';
      pull.closedAt = now();
      pull.updatedAt = now();
      world.store.save();
      await announcePull(world, { repository, pull, action: 'closed', login });
    },
    has(full) {
      const [owner = '', name = ''] = full.split('/');
      return world.store.find(owner, name) !== undefined;
    },
    branches: (full) => branchesOf(world.git(find(full))),
    pulls: (full) => find(full).pulls,
    log: (full, ref) => logOf(world.git(find(full)), [ref]),
    async read(full, ref, path) {
      const content = await world
        .git(find(full))(['cat-file', 'blob', `${ref}:${path}`])
        .catch(() => undefined);
      return content?.toString('utf8');
    },
  };
}
