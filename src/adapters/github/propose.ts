import { GiveUp } from '../../errors.ts';
import type { ProposedChange, PullRequest } from '../../ports.ts';
import { checked, type Place, raceOr, refuseDefaultBranch, type Tools, writeBranch } from './branch.ts';
import { labelPull } from './labels.ts';

/**
 * Makes branch, commit, draft pull request and labels, each looked for before it is made. A branch is
 * never forced: a new version is a commit on top of the old one, so that a push of somebody else between
 * our look and our write is refused by GitHub instead of lost.
 */
export async function propose(change: ProposedChange, tools: Tools): Promise<PullRequest> {
  const place = checked(change);
  const { repository, branch } = change;
  const { octokit, ask } = tools;
  await refuseDefaultBranch(change, { place, tools });

  const found = await ask(repository, `looking for the pull request of ${branch}`, () =>
    octokit.pulls.list({ ...place, head: `${place.owner}:${branch}`, state: 'all', per_page: 20 }),
  );
  const known = found.data.find((one) => one.state === 'open') ?? found.data[0];
  if (known?.merged_at) return answer(change, { place, tools, pull: known, headSha: known.head.sha });
  if (known && known.state !== 'open')
    throw new GiveUp(
      `Somebody closed pull request ${known.html_url}. Reopen it, or ask for the feature again.`,
    );

  const headSha = await writeBranch(change, { place, tools });
  const body = fitting(change.body);
  const pull = known
    ? await refreshed(change, { place, tools, body, known })
    : await opened(change, { place, tools, body });
  await labelPull(change, { place, tools, number: pull.number, present: pull.labels.map((one) => one.name) });
  return answer(change, { place, tools, pull, headSha });
}

type Pull = {
  readonly number: number;
  readonly html_url: string;
  readonly draft?: boolean;
  readonly title: string;
  readonly body: string | null;
  readonly labels: readonly { readonly name: string }[];
};

async function opened(
  change: ProposedChange,
  at: { place: Place; tools: Tools; body: string },
): Promise<Pull> {
  const { octokit, ask } = at.tools;
  const made = await ask(change.repository, `opening the pull request of ${change.branch}`, () =>
    octokit.pulls
      .create({
        ...at.place,
        head: change.branch,
        base: change.baseBranch,
        title: change.title,
        body: at.body,
        draft: true,
      })
      .catch(raceOr('A pull request already exists')),
  );
  return made.data;
}

async function refreshed(
  change: ProposedChange,
  at: { place: Place; tools: Tools; body: string; known: Pull },
): Promise<Pull> {
  const { octokit, ask } = at.tools;
  const { known, body } = at;
  if (known.title === change.title && plain(known.body ?? '') === plain(body)) return known;
  const updated = await ask(change.repository, `updating pull request ${known.number}`, () =>
    octokit.pulls.update({ ...at.place, pull_number: known.number, title: change.title, body }),
  );
  return updated.data;
}

/** Files by commit ids rather than by pull request, whose own list lags behind a push. */
async function answer(
  change: ProposedChange,
  at: { place: Place; tools: Tools; pull: Pull; headSha: string },
): Promise<PullRequest> {
  const { octokit, ask } = at.tools;
  const { pull, headSha } = at;
  const compared = await ask(change.repository, `listing the files of ${change.branch}`, () =>
    octokit.repos.compareCommitsWithBasehead({ ...at.place, basehead: `${change.baseCommit}...${headSha}` }),
  );
  return {
    number: pull.number,
    url: pull.html_url,
    draft: pull.draft ?? false,
    headSha,
    files: (compared.data.files ?? []).map((file) => file.filename),
  };
}

const longestBody = 65_536;
const cut = '\n\n*(cut here: GitHub takes no longer text)*';
function fitting(body: string): string {
  return body.length <= longestBody ? body : `${body.slice(0, longestBody - cut.length)}${cut}`;
}
const plain = (text: string) => text.replace(/\r\n/g, '\n').trimEnd();
