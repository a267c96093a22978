import type { Hono } from 'hono';
import { bodyAs, text, z } from '../body.ts';
import type { Git, IndexChange } from '../git.ts';
import { changeTree, lineOf, listTree, noObject, readCommit, utc, writeBlob, writeCommit } from '../git.ts';
import { invalid, notFound, Problem } from '../problems.ts';
import type { Env, World } from '../world.ts';
import { afterPush, branchesOf, repositoryOf } from '../world.ts';

const signature = z.object({ name: text, email: text, date: z.iso.datetime({ offset: true }).optional() });
const newCommit = z.object({
  message: text,
  tree: text,
  parents: z.array(text).default([]),
  author: signature.optional(),
  committer: signature.optional(),
});
const newTree = z.object({
  base_tree: text.optional(),
  tree: z.array(
    z.object({
      path: text,
      mode: z.enum(['100644', '100755', '040000', '160000', '120000']),
      type: z.enum(['blob', 'tree', 'commit']).optional(),
      sha: text.nullable().optional(),
      content: z.string().optional(),
    }),
  ),
});
const newBlob = z.object({ content: z.string(), encoding: z.enum(['utf-8', 'base64']).default('utf-8') });
const newRef = z.object({ ref: text, sha: text });
const movedRef = z.object({ sha: text, force: z.boolean().default(false) });

const custom = (message: string) => new Problem(422, message);

/** Blobs, trees, commits and refs: git's own objects over REST. */
export function gitDataRoutes(api: Hono<Env>, world: World): void {
  const { shapes } = world;

  api.post('/repos/:owner/:repo/git/blobs', async (c) => {
    const repository = repositoryOf(world, c);
    const blob = await bodyAs(c, newBlob, 'Blob');
    const sha = await writeBlob(world.git(repository), Buffer.from(blob.content, blob.encoding));
    return c.json({ sha, url: `${shapes.addressOf(repository).url}/git/blobs/${sha}` }, 201);
  });
  api.get('/repos/:owner/:repo/git/blobs/:sha', async (c) => {
    const repository = repositoryOf(world, c);
    const sha = c.req.param('sha');
    const git = world.git(repository);
    if ((await typeOf(git, sha)) !== 'blob') throw notFound();
    const content = await git(['cat-file', 'blob', sha]);
    return c.json({
      sha,
      node_id: sha,
      size: content.length,
      url: `${shapes.addressOf(repository).url}/git/blobs/${sha}`,
      content: content.toString('base64').replace(/(.{60})/g, '$1\n'),
      encoding: 'base64',
    });
  });

  const treeShape = async (git: Git, url: string, sha: string, recursive: boolean) => ({
    sha,
    url: `${url}/git/trees/${sha}`,
    tree: (await listTree(git, sha, recursive)).map((one) => ({
      path: one.path,
      mode: one.mode,
      type: one.type,
      sha: one.sha,
      ...(one.size !== undefined && { size: one.size }),
      ...(one.type !== 'commit' && { url: `${url}/git/${one.type}s/${one.sha}` }),
    })),
    truncated: false,
  });
  api.post('/repos/:owner/:repo/git/trees', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const wanted = await bodyAs(c, newTree, 'Tree');
    const sha = await writeTree(git, wanted);
    return c.json(await treeShape(git, shapes.addressOf(repository).url, sha, false), 201);
  });
  api.get('/repos/:owner/:repo/git/trees/:sha{.+}', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const asked = c.req.param('sha');
    const sha = asked.startsWith('-')
      ? undefined
      : await lineOf(git, ['rev-parse', '--verify', '--quiet', `${asked}^{tree}`]);
    if (!sha) throw notFound();
    const recursive = c.req.query('recursive') !== undefined;
    return c.json(await treeShape(git, shapes.addressOf(repository).url, sha, recursive));
  });

  api.post('/repos/:owner/:repo/git/commits', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const wanted = await bodyAs(c, newCommit, 'Commit');
    if ((await typeOf(git, wanted.tree)) !== 'tree') throw custom('Tree SHA does not exist');
    for (const parent of wanted.parents)
      if ((await typeOf(git, parent)) !== 'commit') throw custom('Parent SHA does not exist');
    const viewer = c.get('viewer');
    const self = {
      name: viewer.name ?? viewer.login,
      email: viewer.email ?? `${viewer.login}@users.noreply.github.com`,
    };
    const author = { ...self, ...wanted.author, date: utc(wanted.author?.date ?? new Date()) };
    const committer = wanted.committer
      ? { ...wanted.committer, date: utc(wanted.committer.date ?? new Date()) }
      : author;
    const sha = await writeCommit(git, { ...wanted, author, committer });
    const commit = await readCommit(git, sha);
    if (!commit) throw notFound();
    return c.json(shapes.gitCommit(repository, commit), 201);
  });
  api.get('/repos/:owner/:repo/git/commits/:sha', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const sha = c.req.param('sha');
    const commit = (await typeOf(git, sha)) === 'commit' ? await readCommit(git, sha) : undefined;
    if (!commit) throw notFound();
    return c.json(shapes.gitCommit(repository, commit));
  });

  api.get('/repos/:owner/:repo/git/ref/:ref{.+}', async (c) => {
    const repository = repositoryOf(world, c);
    const ref = `refs/${c.req.param('ref')}`;
    const branch = (await branchesOf(world.git(repository))).find((one) => `refs/heads/${one.name}` === ref);
    if (!branch) throw notFound();
    return c.json(shapes.ref(repository, ref, branch.sha));
  });
  api.get('/repos/:owner/:repo/git/matching-refs/:ref{.+}', async (c) => {
    const repository = repositoryOf(world, c);
    const branches = await branchesOf(world.git(repository));
    const found = branches.filter((one) => `heads/${one.name}`.startsWith(c.req.param('ref')));
    return c.json(found.map((one) => shapes.ref(repository, `refs/heads/${one.name}`, one.sha)));
  });
  api.post('/repos/:owner/:repo/git/refs', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const { ref, sha } = await bodyAs(c, newRef, 'Reference');
    if (
      !ref.startsWith('refs/heads/') ||
      (await lineOf(git, ['check-ref-format', ref]).then((x) => x === undefined))
    )
      throw custom(`${ref} is not a valid ref name.`);
    if ((await typeOf(git, sha)) !== 'commit') throw custom('Object does not exist');
    const made = await lineOf(git, ['update-ref', ref, sha, noObject]);
    if (made === undefined) throw custom('Reference already exists');
    const branch = ref.slice('refs/heads/'.length);
    await afterPush(world, {
      repository,
      branch,
      before: undefined,
      after: sha,
      login: c.get('viewer').login,
    });
    return c.json(shapes.ref(repository, ref, sha), 201);
  });
  api.patch('/repos/:owner/:repo/git/refs/:ref{.+}', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const ref = `refs/${c.req.param('ref')}`;
    const { sha, force } = await bodyAs(c, movedRef, 'Reference');
    const before = await lineOf(git, ['rev-parse', '--verify', '--quiet', ref]);
    if (!before) throw custom('Reference does not exist');
    if ((await typeOf(git, sha)) !== 'commit') throw custom('Object does not exist');
    const forward = (await lineOf(git, ['merge-base', '--is-ancestor', before, sha])) !== undefined;
    if (!forward && !force) throw custom('Update is not a fast forward');
    if ((await lineOf(git, ['update-ref', ref, sha, before])) === undefined)
      throw custom('Update is not a fast forward');
    const branch = ref.slice('refs/heads/'.length);
    await afterPush(world, { repository, branch, before, after: sha, login: c.get('viewer').login });
    return c.json(shapes.ref(repository, ref, sha));
  });
  api.delete('/repos/:owner/:repo/git/refs/:ref{.+}', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const ref = `refs/${c.req.param('ref')}`;
    const before = await lineOf(git, ['rev-parse', '--verify', '--quiet', ref]);
    if (!before) throw custom('Reference does not exist');
    await git(['update-ref', '-d', ref, before]);
    const branch = ref.slice('refs/heads/'.length);
    await afterPush(world, {
      repository,
      branch,
      before,
      after: undefined,
      login: c.get('viewer').login,
    });
    return c.body(null, 204);
  });
}

async function typeOf(git: Git, sha: string): Promise<string | undefined> {
  return /^[0-9a-f]{40}$/.test(sha) ? lineOf(git, ['cat-file', '-t', sha]) : undefined;
}

async function writeTree(git: Git, wanted: z.infer<typeof newTree>): Promise<string> {
  const base = wanted.base_tree;
  if (base && (await typeOf(git, base)) !== 'tree') throw custom('base_tree is not a valid tree oid');
  const present = new Set((base ? await listTree(git, base, true) : []).map((one) => one.path));
  const changes: IndexChange[] = [];
  for (const { path, mode, type, sha, content } of wanted.tree) {
    if (path.split('/').some((part) => ['', '.', '..', '.git'].includes(part.toLowerCase())))
      throw custom('tree.path contains a malformed path component');
    if (sha === null && !present.has(path)) throw custom('GitRPC::BadObjectState');
    if (sha === undefined && content === undefined)
      throw invalid({ resource: 'Tree', code: 'missing_field', field: 'content' });
    if (sha && mode !== '160000' && (await typeOf(git, sha)) === undefined)
      throw custom(`tree.sha ${sha} is not a valid ${type ?? 'blob'}`);
    changes.push({ path, mode, sha: sha === undefined ? await writeBlob(git, content ?? '') : sha });
  }
  return changeTree(git, base, changes);
}
