import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What GitHub knows besides git; kept in one file, so that the server can be stopped and started. */

export type Label = {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
};
export type Comment = {
  readonly id: number;
  readonly issue: number;
  readonly login: string;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
};
export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'PENDING';
export type Review = {
  readonly id: number;
  readonly pull: number;
  readonly login: string;
  readonly body: string;
  readonly state: ReviewState;
  readonly commit: string;
  readonly submittedAt: string;
};
export type CheckRun = {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly detailsUrl: string | null;
  readonly externalId: string;
  readonly title: string | null;
  readonly summary: string | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
};
export type Status = {
  readonly id: number;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly login: string;
  readonly createdAt: string;
};
export type Pull = {
  readonly id: number;
  readonly number: number;
  readonly login: string;
  readonly head: string;
  readonly createdAt: string;
  title: string;
  body: string | null;
  base: string;
  draft: boolean;
  state: 'open' | 'closed';
  headSha: string;
  baseSha: string;
  labels: string[];
  updatedAt: string;
  closedAt: string | null;
  merged: { readonly sha: string; readonly login: string; readonly at: string } | null;
};
export type Repository = {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly description: string | null;
  readonly defaultBranch: string;
  readonly createdAt: string;
  pushedAt: string;
  nextNumber: number;
  readonly pulls: Pull[];
  readonly labels: Label[];
  readonly comments: Comment[];
  readonly reviews: Review[];
  readonly checkRuns: CheckRun[];
  readonly statuses: Status[];
};
type State = { nextId: number; readonly repositories: Repository[] };

export type Store = {
  repositories(): readonly Repository[];
  find(owner: string, name: string): Repository | undefined;
  add(repository: Repository): void;
  id(): number;
  /** Writes the state to disk, whole, so that a kill leaves the old or the new one. */
  save(): void;
  /** Where the bare repository lies. */
  directoryOf(repository: { readonly owner: string; readonly name: string }): string;
};

export function openStore(directory: string): Store {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'state.json');
  const state = read(path);
  return {
    repositories: () => state.repositories,
    find: (owner, name) =>
      state.repositories.find(
        (one) =>
          one.owner.toLowerCase() === owner.toLowerCase() && one.name.toLowerCase() === name.toLowerCase(),
      ),
    add(repository) {
      state.repositories.push(repository);
    },
    id: () => state.nextId++,
    save() {
      writeFileSync(`${path}.new`, JSON.stringify(state, null, 1));
      renameSync(`${path}.new`, path);
    },
    directoryOf: ({ owner, name }) => join(directory, 'repositories', owner, `${name}.git`),
  };
}

function read(path: string): State {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { nextId: 1000, repositories: [] };
    throw error;
  }
}
