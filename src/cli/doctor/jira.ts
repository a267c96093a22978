import { z } from 'zod';
import { nearest } from '../../config/nearest.ts';
import { type CheckUp, ok, problem, unknown } from './finding.ts';
import { request } from './request.ts';

type JiraSettings = {
  readonly url: string;
  readonly user: string;
  readonly token: string;
  /** Of slipway.yml; without it there is nothing to open an issue in. */
  readonly tracker?: { readonly project: string; readonly issueType: string };
};

const projectAnswer = z.looseObject({
  name: z.string(),
  issueTypes: z.array(z.looseObject({ name: z.string(), subtask: z.boolean().optional() })),
});

/** The account, and whether an issue of the wanted type can exist in the project. */
export async function checkJira(settings: JiraSettings): Promise<readonly CheckUp[]> {
  const { url, user, token, tracker } = settings;
  const subject = 'Jira';
  const myself = await request(`${url}/rest/api/2/myself`, { user, token });
  if ('noAnswer' in myself) return [problem(subject, myself.noAnswer, 'Check JIRA_URL and that Jira runs.')];
  if (myself.status === 401 || myself.status === 403)
    return [
      problem(subject, `it refuses the account (HTTP ${myself.status})`, 'Check JIRA_USER and JIRA_TOKEN.'),
    ];
  const who = z.looseObject({ displayName: z.string() }).safeParse(myself.body);
  if (!who.success)
    return [
      problem(
        subject,
        `${url} answers HTTP ${myself.status}, and not as Jira does`,
        'Set JIRA_URL to the address before /rest.',
      ),
    ];
  const account = ok(subject, `acts as ${who.data.displayName}`);
  return tracker ? [account, await checkProject(settings, tracker)] : [account];
}

async function checkProject(
  { url, user, token }: JiraSettings,
  { project, issueType }: NonNullable<JiraSettings['tracker']>,
): Promise<CheckUp> {
  const subject = `Jira project ${project}`;
  const answer = await request(`${url}/rest/api/2/project/${encodeURIComponent(project)}`, { user, token });
  if ('noAnswer' in answer) return unknown(subject, answer.noAnswer);
  if (answer.status === 404)
    return problem(
      subject,
      'there is none that the account can see',
      'Mend tracker.project in slipway.yml, or give the account access to the project.',
    );
  const read = projectAnswer.safeParse(answer.body);
  if (!read.success) return unknown(subject, `Jira answers HTTP ${answer.status}.`);
  const types = read.data.issueTypes.filter(({ subtask }) => subtask !== true).map(({ name }) => name);
  if (types.includes(issueType)) return ok(subject, `${read.data.name} has the issue type ${issueType}`);
  const meant = nearest(issueType, types);
  return problem(
    subject,
    `it has no issue type ${issueType}; it has ${types.join(', ')}`,
    `Mend tracker.issueType in slipway.yml.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
  );
}
