import { createHash } from 'node:crypto';
import type { Commit, FileChange } from './git.ts';
import { utc } from './git.ts';
import type { CheckRun, Comment, Label, Pull, Repository, Review, Status } from './state.ts';

/** Who has an account on this GitHub. */
export type Person = {
  readonly login: string;
  readonly name?: string;
  readonly email?: string;
  readonly type?: 'User' | 'Bot';
  /** Lets this account use the API and read over git. */
  readonly token?: string;
  /** Without it, every repository. */
  readonly repositories?: readonly string[];
};

export type Shapes = ReturnType<typeof shapesAt>;

const nodeId = (kind: string, id: number | string) => Buffer.from(`${kind}:${id}`).toString('base64');
const numberOf = (text: string) =>
  Number.parseInt(createHash('sha1').update(text).digest('hex').slice(0, 7), 16);
const since = '2026-01-01T00:00:00Z';

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

const userPaths: Readonly<Record<string, string>> = {
  followers_url: '/followers',
  following_url: '/following{/other_user}',
  gists_url: '/gists{/gist_id}',
  starred_url: '/starred{/owner}{/repo}',
  subscriptions_url: '/subscriptions',
  organizations_url: '/orgs',
  repos_url: '/repos',
  events_url: '/events{/privacy}',
  received_events_url: '/received_events',
};

/** Builds the bodies of GitHub's answers; `web` is the address of this server, `api` that of its REST API. */
export function shapesAt(
  web: string,
  api: string,
  people: readonly Pick<Person, 'login' | 'type' | 'email'>[],
) {
  const user = (login: string) => {
    const url = `${api}/users/${encodeURIComponent(login)}`;
    return {
      login,
      id: numberOf(login),
      node_id: nodeId('User', login),
      avatar_url: `${web}/avatars/${encodeURIComponent(login)}`,
      gravatar_id: '',
      url,
      html_url: `${web}/${encodeURIComponent(login)}`,
      ...Object.fromEntries(Object.entries(userPaths).map(([key, path]) => [key, `${url}${path}`])),
      type: people.find((person) => person.login === login)?.type ?? 'User',
      site_admin: false,
    };
  };
  const userOf = (email: string) => {
    const person = people.find((one) => one.email === email);
    return person ? user(person.login) : null;
  };
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

  const label = (repo: Repository, one: Label) => ({
    id: one.id,
    node_id: nodeId('Label', one.id),
    url: `${addressOf(repo).url}/labels/${encodeURIComponent(one.name)}`,
    name: one.name,
    description: one.description,
    color: one.color,
    default: false,
  });

  const pullSimple = (repo: Repository, pull: Pull) => {
    const { url, html } = addressOf(repo);
    const self = `${url}/pulls/${pull.number}`;
    const page = `${html}/pull/${pull.number}`;
    const issue = `${url}/issues/${pull.number}`;
    const links = {
      self,
      html: page,
      issue,
      comments: `${issue}/comments`,
      review_comments: `${self}/comments`,
      review_comment: `${url}/pulls/comments{/number}`,
      commits: `${self}/commits`,
      statuses: `${url}/statuses/${pull.headSha}`,
    };
    const side = (ref: string, sha: string) => ({
      label: `${repo.owner}:${ref}`,
      ref,
      sha,
      user: user(repo.owner),
      repo: repository(repo),
    });
    return {
      url: self,
      id: pull.id,
      node_id: nodeId('PullRequest', pull.id),
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      issue_url: issue,
      commits_url: links.commits,
      review_comments_url: links.review_comments,
      review_comment_url: links.review_comment,
      comments_url: links.comments,
      statuses_url: links.statuses,
      number: pull.number,
      state: pull.state,
      locked: false,
      active_lock_reason: null,
      title: pull.title,
      user: user(pull.login),
      body: pull.body,
      labels: repo.labels.filter((one) => pull.labels.includes(one.name)).map((one) => label(repo, one)),
      milestone: null,
      created_at: pull.createdAt,
      updated_at: pull.updatedAt,
      closed_at: pull.closedAt,
      merged_at: pull.merged?.at ?? null,
      merge_commit_sha: pull.merged?.sha ?? null,
      assignee: null,
      assignees: [],
      requested_reviewers: [],
      requested_teams: [],
      head: side(pull.head, pull.headSha),
      base: side(pull.base, pull.baseSha),
      _links: Object.fromEntries(Object.entries(links).map(([key, href]) => [key, { href }])),
      author_association: 'CONTRIBUTOR',
      auto_merge: null,
      draft: pull.draft,
    };
  };

  return {
    user,
    repository,
    gitCommit,
    commit,
    file,
    label,
    pullSimple,
    addressOf,
    account: (person: Pick<Person, 'login' | 'type' | 'name' | 'email'>) => ({
      ...user(person.login),
      name: person.name ?? null,
      email: person.email ?? null,
      company: null,
      blog: null,
      location: null,
      hireable: null,
      bio: null,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      created_at: since,
      updated_at: since,
    }),
    ref: (repo: Repository, name: string, sha: string) => {
      const { url } = addressOf(repo);
      return {
        ref: name,
        node_id: nodeId('Ref', name),
        url: `${url}/git/${name}`,
        object: { type: 'commit', sha, url: `${url}/git/commits/${sha}` },
      };
    },
    pull: (
      repo: Repository,
      pull: Pull,
      facts: { mergeable: boolean | null; commits: number; files: readonly FileChange[] },
    ) => ({
      ...pullSimple(repo, pull),
      merged: pull.merged !== null,
      mergeable: pull.merged ? null : facts.mergeable,
      mergeable_state: pull.draft ? 'draft' : facts.mergeable ? 'clean' : 'dirty',
      merged_by: pull.merged ? user(pull.merged.login) : null,
      comments: repo.comments.filter((comment) => comment.issue === pull.number).length,
      review_comments: 0,
      maintainer_can_modify: false,
      commits: facts.commits,
      additions: facts.files.reduce((sum, one) => sum + one.additions, 0),
      deletions: facts.files.reduce((sum, one) => sum + one.deletions, 0),
      changed_files: facts.files.length,
    }),
    review: (repo: Repository, one: Review) => {
      const { url, html } = addressOf(repo);
      const page = `${html}/pull/${one.pull}#pullrequestreview-${one.id}`;
      return {
        id: one.id,
        node_id: nodeId('PullRequestReview', one.id),
        user: user(one.login),
        body: one.body,
        state: one.state,
        html_url: page,
        pull_request_url: `${url}/pulls/${one.pull}`,
        author_association: 'CONTRIBUTOR',
        _links: { html: { href: page }, pull_request: { href: `${url}/pulls/${one.pull}` } },
        submitted_at: one.submittedAt,
        commit_id: one.commit,
      };
    },
    comment: (repo: Repository, one: Comment) => {
      const { url, html } = addressOf(repo);
      return {
        id: one.id,
        node_id: nodeId('IssueComment', one.id),
        url: `${url}/issues/comments/${one.id}`,
        html_url: `${html}/pull/${one.issue}#issuecomment-${one.id}`,
        issue_url: `${url}/issues/${one.issue}`,
        user: user(one.login),
        created_at: one.createdAt,
        updated_at: one.updatedAt,
        body: one.body,
        author_association: 'CONTRIBUTOR',
      };
    },
    checkRun: (repo: Repository, one: CheckRun) => {
      const { url, html } = addressOf(repo);
      return {
        id: one.id,
        node_id: nodeId('CheckRun', one.id),
        name: one.name,
        head_sha: one.headSha,
        external_id: one.externalId,
        url: `${url}/check-runs/${one.id}`,
        html_url: `${html}/runs/${one.id}`,
        details_url: one.detailsUrl,
        status: one.status,
        conclusion: one.conclusion,
        started_at: one.startedAt,
        completed_at: one.completedAt,
        check_suite: { id: one.id },
        output: {
          title: one.title,
          summary: one.summary,
          text: null,
          annotations_count: 0,
          annotations_url: `${url}/check-runs/${one.id}/annotations`,
        },
        app: null,
        pull_requests: [],
      };
    },
    status: (repo: Repository, one: Status) => ({
      id: one.id,
      node_id: nodeId('Status', one.id),
      url: `${addressOf(repo).url}/statuses/${one.sha}`,
      avatar_url: `${web}/avatars/${encodeURIComponent(one.login)}`,
      state: one.state,
      context: one.context,
      description: one.description,
      target_url: one.targetUrl,
      created_at: one.createdAt,
      updated_at: one.createdAt,
      creator: user(one.login),
    }),
  };
}

const unsigned = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
} as const;

export const now = () => utc(new Date());
