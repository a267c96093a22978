import type { Hono } from 'hono';
import { page } from '../body.ts';
import { diffOf } from '../diff.ts';
import { lineOf, listTree, logOf, readCommit } from '../git.ts';
import { notFound } from '../problems.ts';
import type { Env, World } from '../world.ts';
import { branchesOf, repositoryOf, shaOf } from '../world.ts';

/** Reading a repository: itself, its files, branches, commits and comparisons. */
export function codeRoutes(api: Hono<Env>, world: World): void {
  const { shapes } = world;
  api.get('/repos/:owner/:repo', (c) => c.json(shapes.repository(repositoryOf(world, c))));

  api.get('/repos/:owner/:repo/contents/:path{.*}', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const ref = c.req.query('ref') ?? repository.defaultBranch;
    const sha = await shaOf(git, ref);
    const path = c.req.param('path').replace(/\/+$/, '');
    const { url, html } = shapes.addressOf(repository);
    const entry = (one: { path: string; sha: string; size: number | undefined; type: string }) => {
      const self = `${url}/contents/${encodeURI(one.path)}?ref=${ref}`;
      const gitUrl = `${url}/git/${one.type}s/${one.sha}`;
      const page = `${html}/${one.type}/${ref}/${encodeURI(one.path)}`;
      return {
        name: one.path.split('/').at(-1) ?? '',
        path: one.path,
        sha: one.sha,
        size: one.size ?? 0,
        url: self,
        html_url: page,
        git_url: gitUrl,
        download_url: one.type === 'tree' ? null : `${html}/raw/${ref}/${encodeURI(one.path)}`,
        type: one.type === 'tree' ? 'dir' : 'file',
        _links: { self, git: gitUrl, html: page },
      };
    };
    const found = path === '' ? undefined : (await listTree(git, sha, true)).find((one) => one.path === path);
    if (path !== '' && !found) throw notFound();
    if (found && found.type !== 'tree') {
      const content = (await git(['cat-file', 'blob', found.sha])).toString('base64');
      const lines = content.replace(/(.{60})/g, '$1\n');
      return c.json({ ...entry(found), content: lines, encoding: 'base64' });
    }
    const children = await listTree(git, path === '' ? sha : `${sha}:${path}`, false);
    return c.json(
      children.map((child) => entry({ ...child, path: path === '' ? child.path : `${path}/${child.path}` })),
    );
  });

  api.get('/repos/:owner/:repo/branches', async (c) => {
    const repository = repositoryOf(world, c);
    const branches = page(c, await branchesOf(world.git(repository)));
    const { url } = shapes.addressOf(repository);
    return c.json(
      branches.map(({ name, sha }) => ({
        name,
        commit: { sha, url: `${url}/commits/${sha}` },
        protected: false,
      })),
    );
  });

  api.get('/repos/:owner/:repo/branches/:branch{.+}', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const name = c.req.param('branch');
    const branch = (await branchesOf(git)).find((one) => one.name === name);
    const commit = branch && (await readCommit(git, branch.sha));
    if (!commit) throw notFound();
    const { url, html } = shapes.addressOf(repository);
    const self = `${url}/branches/${encodeURIComponent(name)}`;
    return c.json({
      name,
      commit: shapes.commit(repository, commit),
      _links: { self, html: `${html}/tree/${name}` },
      protected: false,
      protection: { enabled: false },
      protection_url: `${self}/protection`,
    });
  });

  api.get('/repos/:owner/:repo/commits', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const sha = await shaOf(git, c.req.query('sha') ?? repository.defaultBranch);
    const path = c.req.query('path');
    const commits = await logOf(git, [sha, ...(path ? ['--', `:(literal)${path}`] : [])]);
    return c.json(page(c, commits).map((one) => shapes.commit(repository, one)));
  });

  api.get('/repos/:owner/:repo/compare/:basehead{.+}', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const [base = '', head = ''] = c.req.param('basehead').split('...');
    const [from, to] = [await shaOf(git, base), await shaOf(git, head)];
    const middle = await lineOf(git, ['merge-base', from, to]);
    const [baseCommit, mergeBase] = [await readCommit(git, from), middle && (await readCommit(git, middle))];
    if (!baseCommit || !mergeBase) throw notFound();
    const ahead = (await logOf(git, ['--reverse', `${from}..${to}`])).map((one) =>
      shapes.commit(repository, one),
    );
    const behind = Number((await lineOf(git, ['rev-list', '--count', `${to}..${from}`])) ?? 0);
    const status =
      ahead.length > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical';
    const { url, html } = shapes.addressOf(repository);
    const pagePath = `${html}/compare/${base}...${head}`;
    return c.json({
      url: `${url}/compare/${base}...${head}`,
      html_url: pagePath,
      permalink_url: `${html}/compare/${from}...${to}`,
      diff_url: `${pagePath}.diff`,
      patch_url: `${pagePath}.patch`,
      base_commit: shapes.commit(repository, baseCommit),
      merge_base_commit: shapes.commit(repository, mergeBase),
      status,
      ahead_by: ahead.length,
      behind_by: behind,
      total_commits: ahead.length,
      commits: page(c, ahead),
      files: (await diffOf(git, mergeBase.sha, to)).map((one) => shapes.file(repository, to, one)),
    });
  });

  api.get('/repos/:owner/:repo/commits/:ref', async (c) => {
    const repository = repositoryOf(world, c);
    const git = world.git(repository);
    const commit = await readCommit(git, await shaOf(git, c.req.param('ref')));
    if (!commit) throw notFound();
    const parent = commit.parents[0] ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
    const files = await diffOf(git, parent, commit.sha);
    const additions = files.reduce((sum, one) => sum + one.additions, 0);
    const deletions = files.reduce((sum, one) => sum + one.deletions, 0);
    return c.json({
      ...shapes.commit(repository, commit),
      stats: { additions, deletions, total: additions + deletions },
      files: files.map((one) => shapes.file(repository, commit.sha, one)),
    });
  });
}
