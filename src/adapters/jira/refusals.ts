import { z } from 'zod';
import { GiveUp, TryAgain } from '../../errors.ts';
import { redact } from '../../secrets/index.ts';
import type { Answered, Exchange } from './exchange.ts';

/** What was being done, for the sentences. */
export type Doing = {
  /** "looking for the issue slipway-1". */
  readonly what: string;
  readonly project: string;
  readonly issueType: string;
  /** Whether a request without an answer may have made something. */
  readonly makes: boolean;
  /** What must not be repeated, whoever says it. */
  readonly known: readonly string[];
};

/** Jira Cloud takes from seconds to minutes until a search finds a new issue. */
const indexedMs = 60_000;
const restMs = 60_000;

/** The answer, or `TryAgain` and `GiveUp` when there is none. */
export function answerOf(exchange: Exchange, doing: Doing): Answered {
  if (exchange.kind === 'answered') return exchange;
  const { code } = exchange;
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code))
    throw new GiveUp(
      `The certificate of Jira is not trusted (${code}) while ${doing.what}. Point NODE_EXTRA_CA_CERTS to the file of your certificate authority.`,
    );
  const why = exchange.timedOut
    ? 'did not answer in time'
    : exchange.unsent
      ? `cannot be reached at JIRA_URL (${code})`
      : `broke off (${code})`;
  const afterMs = doing.makes && !exchange.unsent ? { afterMs: indexedMs } : {};
  throw new TryAgain(`Jira ${why} while ${doing.what}.`, afterMs);
}

/** Returns when the answer is one to read; else `TryAgain` or `GiveUp`, with the words of Jira but never its account. */
export async function refuse(answer: Answered, doing: Doing): Promise<void> {
  const { status } = answer;
  if (status < 300 && !anonymous(answer)) return;
  const afterMs = waitOf(answer);
  if (status === 429)
    throw new TryAgain(`Jira asked us to slow down while ${doing.what}.`, { afterMs: afterMs ?? restMs });
  if (status >= 500) {
    const after = Math.max(afterMs ?? 0, doing.makes ? indexedMs : 0);
    throw new TryAgain(`Jira answered ${status} while ${doing.what}.`, after > 0 ? { afterMs: after } : {});
  }
  throw new GiveUp(await reasonOf(answer, doing));
}

/** Jira Cloud takes an expired token for nobody: a search finds nothing then, and answers 200. */
function anonymous({ headers }: Answered): boolean {
  const said = headers['x-seraph-loginreason'] ?? '';
  return /AUTHENTICATED_FAILED|AUTHENTICATION_DENIED/.test(said) && !/\bOK\b/.test(said);
}

async function reasonOf(answer: Answered, doing: Doing): Promise<string> {
  const { status, headers } = answer;
  const { what, project } = doing;
  if (/CAPTCHA/.test(headers['x-authentication-denied-reason'] ?? ''))
    return `Jira wants to see a person after too many failed logins of JIRA_USER, while ${what} (${status}). Log in once as that account in a browser, then correct JIRA_TOKEN.`;
  if (status === 401 || status < 300 || anonymous(answer))
    return `Jira did not accept JIRA_USER and JIRA_TOKEN while ${what} (${status}). On Jira Cloud JIRA_USER is the e-mail address of the account and JIRA_TOKEN an API token of it that has not expired.`;
  if (status < 400)
    return `Jira sent us elsewhere while ${what} (${status}). Set JIRA_URL to the address that Jira has now, past any login page.`;
  const { words, fields } = await saidBy(answer, doing);
  const said = words ? `: ${words}` : '.';
  if (status === 403)
    return `Jira does not let JIRA_USER go on while ${what} (403)${said} Give that account the permissions Browse Projects and Create Issues in project ${project}, or set JIRA_USER and JIRA_TOKEN to one that has them.`;
  if (status === 404 && doing.makes)
    return `Jira knows no project ${project} that JIRA_USER may see, while ${what} (404)${said} Correct tracker.project in slipway.yml.`;
  if (status === 404 || status === 410)
    return `There is no Jira at JIRA_URL, or none that can be searched, while ${what} (${status})${said} Correct JIRA_URL, with its path when it has one.`;
  return `Jira refused while ${what} (${status})${said} ${adviceOn(fields, doing)}`.trim();
}

function adviceOn(fields: readonly string[], { project, issueType, makes }: Doing): string {
  if (!makes) return '';
  if (fields.includes('project'))
    return `Correct tracker.project (${project}) in slipway.yml, or give JIRA_USER the permission Create Issues there.`;
  if (fields.includes('issuetype'))
    return `Correct tracker.issueType in slipway.yml: project ${project} has no type ${issueType}.`;
  if (fields.includes('labels'))
    return `Put the field Labels on the create screen of ${issueType} in project ${project}: Slipway finds its issues by it.`;
  if (fields.length > 0)
    return `Make ${fields.join(', ')} optional for ${issueType} in project ${project}, give it a default value, or name another tracker.issueType in slipway.yml.`;
  return '';
}

const refusal = z.object({
  errorMessages: z.array(z.string()).catch([]),
  errors: z.record(z.string(), z.string()).catch({}),
});

/** The words of Jira on one line, without secrets, and the fields they are about. */
async function saidBy(
  answer: Answered,
  { known }: Doing,
): Promise<{ readonly words: string; readonly fields: readonly string[] }> {
  const read = refusal.safeParse(jsonOf(answer.text));
  if (!read.success) return { words: '', fields: [] };
  const { errorMessages, errors } = read.data;
  const said = [...errorMessages, ...Object.entries(errors).map(([field, text]) => `${field}: ${text}`)];
  const { text } = await redact(said.join(' ').replace(/\s+/g, ' ').trim(), { known });
  const words = text.slice(0, 500);
  return { words: words === '' || /[.!?]$/.test(words) ? words : `${words}.`, fields: Object.keys(errors) };
}

/** The value of a text that is JSON, else undefined. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Retry-After, in seconds or as a date. */
function waitOf({ headers }: Answered): number | undefined {
  const after = headers['retry-after'];
  if (after === undefined) return undefined;
  const seconds = Number(after);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(after);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
