import JiraClient from 'jira-client';
import { z } from 'zod';
import { GiveUp } from '../../errors.ts';
import { type Answered, basicOf, carrier, exchangeOf } from './exchange.ts';
import { answerOf, type Doing, jsonOf, refuse } from './refusals.ts';

export type JiraAccount = {
  /** With its path when it has one: `https://example.com/jira`. */
  readonly url: string;
  readonly user: string;
  readonly token: string;
  /** The key of the project, and the name of the type that new issues get. */
  readonly project: string;
  readonly issueType: string;
  readonly timeoutMs: number;
};

/** An issue as Jira names it: its number for the API, its key for people. */
export type Found = { readonly id: string; readonly key: string };

export type Issues = {
  /** The oldest issue that has the label. `recent` are numbers of new issues that a search might not know yet. */
  withLabel(label: string, recent: readonly string[]): Promise<Found | undefined>;
  create(issue: {
    readonly label: string;
    readonly summary: string;
    readonly description: string;
  }): Promise<Found>;
};

const labelled = z.object({
  id: z.string(),
  key: z.string().min(1),
  fields: z.object({ labels: z.array(z.string()).default([]) }),
});
const page = z.object({ issues: z.array(labelled), nextPageToken: z.string().nullish() });
const created = z.object({ id: z.string(), key: z.string().min(1) });

/** Pages that are read at most: one may be empty and still not be the last. */
const pages = 20;

/** What is asked of Jira, through jira-client. */
export function issuesOf(account: JiraAccount): Issues {
  const { project, issueType } = account;
  const v2 = clientOf(account, '2');
  const v3 = clientOf(account, '3');
  const known = [account.token, basicOf(account.user, account.token)];
  const doing = (what: string, makes: boolean): Doing => ({ what, makes, project, issueType, known });

  /** As Jira Cloud searches; undefined where there is no such route, on a Jira of one's own. */
  async function cloudPage(query: URLSearchParams, at: Doing): Promise<z.infer<typeof page> | undefined> {
    // jira-client decodes the whole address before it asks: what must arrive encoded is encoded twice.
    const asked = await v3.genericGet(`search/jql?${encodeURIComponent(query.toString())}`);
    const answer = answerOf(exchangeOf(asked), at);
    if (answer.status === 404) return undefined;
    await refuse(answer, at);
    return read(answer, page, at);
  }

  async function ownPage(jql: string, at: Doing): Promise<z.infer<typeof page>> {
    const answer = answerOf(exchangeOf(await v2.searchJira(jql, { fields: ['labels'] })), at);
    await refuse(answer, at);
    return read(answer, page, at);
  }

  return {
    async withLabel(label, recent) {
      const at = doing(`looking for the issue labelled ${label}`, false);
      // Not within the project: an issue that a person moved elsewhere is still this one.
      const jql = `labels = "${label}" ORDER BY created ASC`;
      const query = new URLSearchParams({ jql, fields: 'labels' });
      for (const id of recent) query.append('reconcileIssues', id);
      for (let count = 0; count < pages; count += 1) {
        const found = await cloudPage(query, at);
        if (!found) return oldest((await ownPage(jql, at)).issues, label);
        const issue = oldest(found.issues, label);
        if (issue || !found.nextPageToken) return issue;
        query.set('nextPageToken', found.nextPageToken);
      }
      return undefined;
    },

    async create({ label, summary, description }) {
      const at = doing(`making the issue labelled ${label}`, true);
      const asked = await v2.addNewIssue({
        fields: {
          project: { key: project },
          issuetype: { name: issueType },
          labels: [label],
          summary,
          description,
        },
      });
      const answer = answerOf(exchangeOf(asked), at);
      await refuse(answer, at);
      return read(answer, created, at);
    },
  };
}

function clientOf({ url, user, token, timeoutMs }: JiraAccount, apiVersion: string): JiraClient {
  const { protocol, hostname, port, pathname } = new URL(url);
  return new JiraClient({
    protocol,
    host: hostname,
    ...(port !== '' && { port }),
    base: pathname.replace(/\/+$/, ''),
    username: user,
    password: token,
    apiVersion,
    request: carrier(timeoutMs),
  });
}

function oldest(issues: readonly z.infer<typeof labelled>[], label: string): Found | undefined {
  return issues
    .filter(({ fields }) => fields.labels.includes(label))
    .toSorted((a, b) => Number(a.id) - Number(b.id))[0];
}

function read<T>(answer: Answered, schema: z.ZodType<T>, { what }: Doing): T {
  const parsed = schema.safeParse(jsonOf(answer.text));
  if (parsed.success) return parsed.data;
  throw new GiveUp(
    `What answers at JIRA_URL is not Jira, or stands before it (${answer.status} while ${what}, but not what Jira says). Set JIRA_URL to the address of Jira itself, past any login page.`,
  );
}
