import { GiveUp } from '../errors.ts';
import type { Tracker } from '../ports.ts';
import { redact } from '../secrets/index.ts';
import { issuesOf, type JiraAccount } from './jira/issues.ts';
import { descriptionOf, labelLength, summaryOf } from './jira/text.ts';

/** Jira makes no promise for more numbers than this in one search. */
const reconciled = 50;

/**
 * Jira, in the cloud or one's own. An issue is found again by its label, whoever moved or renamed it; where
 * several have the label, the oldest is meant.
 *
 * Calls at the same time share one issue, and one that this process made is found at once. What remains: the
 * search of Jira Cloud knows new issues only after seconds (rarely minutes), so another process, or this one
 * after a restart, can make a second issue within that time. An answer that was lost is tried again after a minute for that reason.
 */
export function createJira(
  options: Omit<JiraAccount, 'timeoutMs'> & { readonly timeoutMs?: number },
): Tracker {
  const account = { ...options, timeoutMs: options.timeoutMs ?? 15_000 };
  const issues = issuesOf(account);
  const underWay = new Map<string, ReturnType<Tracker['open']>>();
  let recent: readonly string[] = [];

  async function findOrMake({ label, summary, description }: Parameters<Tracker['open']>[0]) {
    const found = await issues.withLabel(label, recent);
    if (found) return found;
    const known = [account.token];
    const made = await issues.create({
      label,
      summary: summaryOf((await redact(summary, { known })).text),
      description: descriptionOf((await redact(description, { known })).text),
    });
    recent = [...recent, made.id].slice(-reconciled);
    return made;
  }

  return {
    async open(issue) {
      const { label } = issue;
      if (!/^[^\s"\\]+$/.test(label) || label.length > labelLength)
        throw new GiveUp(
          `"${label}" cannot be a label in Jira: use up to ${labelLength} characters without blanks, quotes and backslashes.`,
        );
      const running = underWay.get(label);
      if (running) return running;
      const work = findOrMake(issue)
        .then(({ key }) => ({ key, url: browseUrl(account.url, key) }))
        .finally(() => underWay.delete(label));
      underWay.set(label, work);
      return work;
    },
  };
}

function browseUrl(url: string, key: string): string {
  return `${url.replace(/\/+$/, '')}/browse/${encodeURIComponent(key)}`;
}
