import type { FileChange } from '../diff.ts';
import type { Comment, Label, Pull, Repository, Review } from '../state.ts';
import type { AccountShapes } from './accounts.ts';
import { nodeId } from './accounts.ts';
import type { CodeShapes } from './code.ts';

/** Pull requests, their reviews, comments and labels. */
export function pullShapes({ user }: AccountShapes, { addressOf, repository }: CodeShapes) {
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
    label,
    pullSimple,
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
  };
}
