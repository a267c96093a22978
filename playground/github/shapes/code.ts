import type { FileChange } from '../diff.ts';
import type { Commit } from '../git.ts';
import type { Repository } from '../state.ts';
import type { AccountShapes, Addresses } from './accounts.ts';
import { nodeId } from './accounts.ts';

export type CodeShapes = ReturnType<typeof codeShapes>;

const repositoryPaths: Readonly<Record<string, string>> = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

const unsigned = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
} as const;

/** Repositories, and what git has in them. */
export function codeShapes({ web, api }: Addresses, { user, userOf }: AccountShapes) {
  const addressOf = (repository: Repository) => ({
    full: `${repository.owner}/${repository.name}`,
    url: `${api}/repos/${repository.owner}/${repository.name}`,
    html: `${web}/${repository.owner}/${repository.name}`,
  });

  const repository = (one: Repository) => {
    const { full, url, html } = addressOf(one);
    const open = one.pulls.filter((pull) => pull.state === 'open').length;
    return {
      id: one.id,
      node_id: nodeId('Repository', one.id),
      name: one.name,
      full_name: full,
      owner: user(one.owner),
      private: true,
      visibility: 'private',
      topics: [],
      html_url: html,
      description: one.description,
      fork: false,
      url,
      ...Object.fromEntries(Object.entries(repositoryPaths).map(([key, path]) => [key, `${url}${path}`])),
      clone_url: `${html}.git`,
      git_url: `${html}.git`,
      ssh_url: `${html}.git`,
      svn_url: html,
      homepage: null,
      language: null,
      mirror_url: null,
      license: null,
      default_branch: one.defaultBranch,
      forks: 0,
      forks_count: 0,
      stargazers_count: 0,
      watchers: 0,
      watchers_count: 0,
      network_count: 0,
      subscribers_count: 0,
      size: 0,
      open_issues: open,
      open_issues_count: open,
      has_issues: true,
      has_projects: false,
      has_wiki: false,
      has_pages: false,
      has_downloads: false,
      has_discussions: false,
      archived: false,
      disabled: false,
      created_at: one.createdAt,
      updated_at: one.pushedAt,
      pushed_at: one.pushedAt,
    };
  };

  const gitCommit = (repo: Repository, commit: Commit) => {
    const { url, html } = addressOf(repo);
    return {
      sha: commit.sha,
      node_id: nodeId('Commit', commit.sha),
      url: `${url}/git/commits/${commit.sha}`,
      html_url: `${html}/commit/${commit.sha}`,
      author: commit.author,
      committer: commit.committer,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      message: commit.message,
      parents: commit.parents.map((sha) => ({
        sha,
        url: `${url}/git/commits/${sha}`,
        html_url: `${html}/commit/${sha}`,
      })),
      verification: unsigned,
    };
  };

  const commit = (repo: Repository, one: Commit) => {
    const { url, html } = addressOf(repo);
    return {
      sha: one.sha,
      node_id: nodeId('Commit', one.sha),
      url: `${url}/commits/${one.sha}`,
      html_url: `${html}/commit/${one.sha}`,
      comments_url: `${url}/commits/${one.sha}/comments`,
      commit: {
        url: `${url}/git/commits/${one.sha}`,
        author: one.author,
        committer: one.committer,
        message: one.message,
        tree: { sha: one.tree, url: `${url}/git/trees/${one.tree}` },
        comment_count: 0,
        verification: unsigned,
      },
      author: userOf(one.author.email),
      committer: userOf(one.committer.email),
      parents: one.parents.map((sha) => ({
        sha,
        url: `${url}/commits/${sha}`,
        html_url: `${html}/commit/${sha}`,
      })),
    };
  };

  const file = (repo: Repository, sha: string, change: FileChange) => {
    const { url, html } = addressOf(repo);
    return {
      sha: change.sha,
      filename: change.path,
      status: change.status,
      additions: change.additions,
      deletions: change.deletions,
      changes: change.additions + change.deletions,
      blob_url: `${html}/blob/${sha}/${encodeURI(change.path)}`,
      raw_url: `${html}/raw/${sha}/${encodeURI(change.path)}`,
      contents_url: `${url}/contents/${encodeURI(change.path)}?ref=${sha}`,
      ...(change.previousPath !== undefined && { previous_filename: change.previousPath }),
      ...(change.patch !== undefined && { patch: change.patch }),
    };
  };

  return {
    addressOf,
    repository,
    gitCommit,
    commit,
    file,
    ref: (repo: Repository, name: string, sha: string) => {
      const { url } = addressOf(repo);
      return {
        ref: name,
        node_id: nodeId('Ref', name),
        url: `${url}/git/${name}`,
        object: { type: 'commit', sha, url: `${url}/git/commits/${sha}` },
      };
    },
  };
}
