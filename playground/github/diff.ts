import type { Git } from './git.ts';
import { lineOf } from './git.ts';

export type FileChange = {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  readonly patch: string | undefined;
};

const statuses: Readonly<Record<string, FileChange['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
};

/** What changed between two commits or trees, file by file. */
export async function diffOf(git: Git, from: string, to: string): Promise<FileChange[]> {
  const common = ['diff', '--no-ext-diff', '--no-textconv', '--no-color', '-M', '--full-index'];
  const [raw, patches] = await Promise.all([
    git([...common, '--raw', '-z', '--abbrev=40', from, to]),
    git([...common, '-p', from, to]),
  ]);
  const bodies = patches
    .toString('utf8')
    .split(/^diff --git .*\n/m)
    .slice(1);
  const fields = raw.toString('utf8').split('\0').filter(Boolean);
  const changes: FileChange[] = [];
  while (fields.length > 0) {
    const [, , oldSha = '', newSha = '', letter = ''] = (fields.shift() ?? '').split(' ');
    const status = statuses[letter.charAt(0)] ?? 'modified';
    const first = fields.shift() ?? '';
    const path = status === 'renamed' ? (fields.shift() ?? '') : first;
    const body = bodies[changes.length] ?? '';
    const start = body.search(/^@@/m);
    const patch = start < 0 ? undefined : body.slice(start).replace(/\n$/, '');
    const lines = patch?.split('\n') ?? [];
    changes.push({
      path,
      previousPath: status === 'renamed' ? first : undefined,
      status,
      sha: status === 'removed' ? oldSha : newSha,
      additions: lines.filter((line) => line.startsWith('+')).length,
      deletions: lines.filter((line) => line.startsWith('-')).length,
      patch,
    });
  }
  return changes;
}

export type MergeResult = { readonly kind: 'clean'; readonly tree: string } | { readonly kind: 'conflict' };

/** What `git merge` would make of two commits, without a work tree. */
export async function mergeTrees(git: Git, ours: string, theirs: string): Promise<MergeResult> {
  const tree = await lineOf(git, ['merge-tree', '--write-tree', ours, theirs]);
  return tree ? { kind: 'clean', tree: tree.split('\n')[0] ?? '' } : { kind: 'conflict' };
}
