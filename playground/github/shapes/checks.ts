import type { CheckRun, Repository, Status } from '../state.ts';
import type { AccountShapes, Addresses } from './accounts.ts';
import { nodeId } from './accounts.ts';
import type { CodeShapes } from './code.ts';

/** Check runs and commit statuses. */
export function checkShapes({ web }: Addresses, { user }: AccountShapes, { addressOf }: CodeShapes) {
  return {
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
