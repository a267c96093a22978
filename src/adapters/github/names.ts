import { GiveUp } from '../../errors.ts';

/** Splits `owner/name`, refusing what could be anything else in a URL or on a command line. */
export function repositoryName(repository: string): { readonly owner: string; readonly repo: string } {
  const [, owner, repo] = /^([A-Za-z0-9][\w.-]*)\/([\w.-]+)$/.exec(repository) ?? [];
  if (!owner || !repo || /^\.+$/.test(repo) || repo.endsWith('.git'))
    throw new GiveUp(`"${repository}" is not a repository. Write it as owner/name in slipway.yml.`);
  return { owner, repo };
}

/** The rules of `git check-ref-format`, without asking git. */
export function branchName(branch: string): string {
  const bad =
    branch === '' ||
    branch === '@' ||
    branch.length > 200 ||
    /^[-/]|\/$|\.$|\.\.|\/\/|@\{|[~^:?*[\\]/.test(branch) ||
    [...branch].some((character) => character <= ' ' || character === '\u007f') ||
    branch.split('/').some((part) => part.startsWith('.') || part.endsWith('.lock'));
  if (bad) throw new GiveUp(`"${branch}" cannot be the name of a branch.`);
  return branch;
}

export function commitId(commit: string): string {
  if (!/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(commit))
    throw new GiveUp(`"${commit}" is not the full id of a commit.`);
  return commit;
}

/** True when a path of a tree may be written below a directory: relative, and no part of it means something to git or the system. */
export function isPlainPath(path: string): boolean {
  return path
    .split('/')
    .every(
      (part) => part !== '' && part !== '.' && part !== '..' && !isGitDirectory(part) && !part.includes('\0'),
    );
}

/** `.git`, also in the spellings that Windows and macOS take for it. */
function isGitDirectory(part: string): boolean {
  const plain = part
    .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '')
    .replace(/(::?\$.*|[. ])+$/, '')
    .toLowerCase();
  return plain === '.git' || plain === 'git~1';
}
