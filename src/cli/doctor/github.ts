import { z } from 'zod';
import { readWorkflow, workflowFileName } from '../../config/workflow-file.ts';
import { type CheckUp, ok, problem, unknown } from './finding.ts';
import { request } from './request.ts';

type GitHubSettings = {
  readonly token: string;
  readonly apiUrl: string;
  readonly repositories: readonly { readonly name: string; readonly baseBranch?: string }[];
};

const repositoryAnswer = z.looseObject({
  default_branch: z.string(),
  permissions: z.looseObject({ push: z.boolean() }).optional(),
});
const contentAnswer = z.looseObject({ content: z.string(), encoding: z.literal('base64') });

const tokenRemedy =
  'Give GITHUB_TOKEN access to the repository: Contents and Pull requests, read and write (classic: scope repo).';

async function checkWorkflow(
  { token, apiUrl }: GitHubSettings,
  name: string,
  branch: string,
): Promise<CheckUp | undefined> {
  const subject = `${workflowFileName} of ${name}`;
  const url = `${apiUrl}/repos/${name}/contents/${workflowFileName}?ref=${encodeURIComponent(branch)}`;
  const answer = await request(url, { token });
  if ('noAnswer' in answer) return undefined;
  if (answer.status === 404) return ok(subject, 'there is none yet; the first request will propose one');
  const file = contentAnswer.safeParse(answer.body);
  if (!file.success) return undefined;
  const read = readWorkflow(Buffer.from(file.data.content, 'base64').toString('utf8'));
  if ('value' in read) return ok(subject, `${read.value.checks.length} checks`);
  const problems = read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
  return problem(subject, problems.join('; '), `Mend it on ${branch}; docs/workflow.md lists every setting.`);
}

async function checkRepository(
  settings: GitHubSettings,
  { name, baseBranch }: GitHubSettings['repositories'][number],
): Promise<readonly CheckUp[]> {
  const { token, apiUrl } = settings;
  const subject = `GitHub ${name}`;
  const answer = await request(`${apiUrl}/repos/${name}`, { token });
  if ('noAnswer' in answer) return [unknown(subject, answer.noAnswer)];
  if (answer.status === 404) return [problem(subject, 'the token cannot see it', tokenRemedy)];
  const read = repositoryAnswer.safeParse(answer.body);
  if (answer.status !== 200 || !read.success)
    return [unknown(subject, `GitHub answers HTTP ${answer.status}.`)];
  if (read.data.permissions?.push === false) return [problem(subject, 'the token may not push', tokenRemedy)];

  const branch = baseBranch ?? read.data.default_branch;
  const seen = await request(`${apiUrl}/repos/${name}/git/ref/heads/${branch}`, { token });
  if (!('noAnswer' in seen) && seen.status === 404)
    return [
      problem(
        subject,
        `it has no branch ${branch}`,
        'Push a first commit, or mend baseBranch in slipway.yml.',
      ),
    ];
  const workflow = await checkWorkflow(settings, name, branch);
  return [
    ok(subject, `can be written; base branch ${branch}`),
    ...(workflow === undefined ? [] : [workflow]),
  ];
}

/** The token, and for each repository of slipway.yml: visible, writable, its base branch, its workflow file. */
export async function checkGitHub(settings: GitHubSettings): Promise<readonly CheckUp[]> {
  const subject = 'GitHub token';
  const answer = await request(`${settings.apiUrl}/user`, { token: settings.token });
  if ('noAnswer' in answer)
    return [problem(subject, answer.noAnswer, 'Check GITHUB_API_URL and the network.')];
  if (answer.status === 401)
    return [
      problem(subject, 'GitHub refuses it', 'Set GITHUB_TOKEN to a token that is valid and not expired.'),
    ];
  const user = z.looseObject({ login: z.string() }).safeParse(answer.body);
  const expires = answer.headers.get('github-authentication-token-expiration');
  const whose = user.success ? `acts as ${user.data.login}` : 'accepted';
  const until = expires === null ? '' : `, until ${expires}`;
  const repositories = await Promise.all(settings.repositories.map((one) => checkRepository(settings, one)));
  return [ok(subject, `${whose}${until}`), ...repositories.flat()];
}
