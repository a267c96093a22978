import { GiveUp } from '../../errors.ts';
import type { KeptChange } from '../../ports.ts';
import type { Place, Tools } from './branch.ts';

type Entry = { readonly mode: string; readonly type: string; readonly sha: string };

/**
 * Makes the tree of the change on top of the base tree and answers its sha. Looks at the directories of
 * the changed paths one by one, since a recursive listing is cut off in large repositories; keeps the
 * executable bit, and refuses to write through a link or into a submodule.
 */
export async function writeTree(
  change: KeptChange,
  at: { place: Place; tools: Tools; baseTree: string },
): Promise<string> {
  const { octokit, ask } = at.tools;
  const listings = new Map<string, Promise<ReadonlyMap<string, Entry>>>();
  const list = (sha: string) => {
    const known = listings.get(sha);
    if (known) return known;
    const listing = ask(change.repository, `reading tree ${sha} of ${change.repository}`, async () => {
      const answer = await octokit.git.getTree({ ...at.place, tree_sha: sha });
      return new Map(answer.data.tree.map((entry) => [entry.path, entry]));
    });
    listings.set(sha, listing);
    return listing;
  };

  const entries: { path: string; mode: '100644' | '100755'; type: 'blob'; sha?: null; content?: string }[] =
    [];
  for (const file of change.files) {
    const present = await find(file.path, at.baseTree, list);
    const mode = present?.mode === '100755' ? '100755' : '100644';
    if (file.content !== null) entries.push({ path: file.path, mode, type: 'blob', content: file.content });
    else if (present) entries.push({ path: file.path, mode, type: 'blob', sha: null });
  }
  if (entries.length === 0) return at.baseTree;
  const tree = await ask(change.repository, `writing the files of ${change.branch}`, () =>
    octokit.git.createTree({ ...at.place, base_tree: at.baseTree, tree: entries }),
  );
  return tree.data.sha;
}

async function find(
  path: string,
  root: string,
  list: (sha: string) => Promise<ReadonlyMap<string, Entry>>,
): Promise<Entry | undefined> {
  const parts = path.split('/');
  let sha = root;
  for (const [index, part] of parts.entries()) {
    const entry = (await list(sha)).get(part);
    if (!entry) return undefined;
    const last = index === parts.length - 1;
    if (last && entry.type === 'blob' && entry.mode !== '120000') return entry;
    if (last || entry.type !== 'tree')
      throw new GiveUp(
        `Cannot write ${path}: ${parts.slice(0, index + 1).join('/')} is ${kindOf(entry)} in the repository, and a change never writes there. Stop this feature, and ask for one that leaves it alone.`,
      );
    sha = entry.sha;
  }
  return undefined;
}

function kindOf(entry: Entry): string {
  if (entry.mode === '120000') return 'a symbolic link';
  if (entry.type === 'commit') return 'a submodule';
  return entry.type === 'tree' ? 'a directory' : 'a file';
}
