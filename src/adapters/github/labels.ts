import type { ProposedChange } from '../../ports.ts';
import type { Place, Tools } from './branch.ts';
import { nothingOn404, refusalOf } from './requests.ts';

/** Puts the labels on a pull request, making those the repository does not have. */
export async function labelPull(
  change: ProposedChange,
  at: { place: Place; tools: Tools; number: number; present: readonly string[] },
): Promise<void> {
  const { octokit, ask } = at.tools;
  const missing = change.labels.filter((label) => !at.present.includes(label));
  if (missing.length === 0) return;
  for (const name of missing) {
    const known = await ask(change.repository, `looking for label ${name}`, () =>
      nothingOn404(octokit.issues.getLabel({ ...at.place, name })),
    );
    if (!known)
      await ask(change.repository, `making label ${name}`, () =>
        octokit.issues.createLabel({ ...at.place, name, color: '5319e7' }).catch(ignoreExisting),
      );
  }
  await ask(change.repository, `labelling pull request ${at.number}`, () =>
    octokit.issues.addLabels({ ...at.place, issue_number: at.number, labels: [...missing] }),
  );
}

function ignoreExisting(error: unknown): void {
  if (refusalOf(error)?.status !== 422) throw error;
}
