import type { Hono } from 'hono';
import { page } from '../body.ts';
import { now } from '../git.ts';
import type { Env, World } from '../world.ts';
import { maySee, repositoryOf } from '../world.ts';

/** Who is asking, how often they may, and where the app is installed. */
export function accountRoutes(api: Hono<Env>, world: World): void {
  api.get('/user', (c) => c.json(world.shapes.account(c.get('viewer'))));
  api.get('/user/repos', (c) => {
    const seen = world.store.repositories().filter((one) => maySee(c.get('viewer'), one));
    return c.json(page(c, seen).map((one) => world.shapes.repository(one)));
  });
  api.get('/rate_limit', (c) => {
    const limit = { limit: 5000, remaining: 4999, reset: Math.floor(Date.now() / 1000) + 3600, used: 1 };
    return c.json({ resources: { core: limit, search: limit }, rate: limit });
  });
  api.get('/meta', (c) => c.json({ verifiable_password_authentication: false, installed_version: '3.19.0' }));
  api.get('/repos/:owner/:repo/installation', (c) => {
    const repository = repositoryOf(world, c);
    const { url } = world.shapes.addressOf(repository);
    return c.json({
      id: 1,
      account: world.shapes.user(repository.owner),
      access_tokens_url: `${url}/access_tokens`,
      repositories_url: `${url}/repositories`,
      html_url: `${url}/settings/installations/1`,
      app_id: 1,
      app_slug: c.get('viewer').login.replace(/\[bot\]$/, ''),
      target_id: 1,
      target_type: 'Organization',
      permissions: { contents: 'write', metadata: 'read', pull_requests: 'write' },
      events: ['push', 'pull_request', 'pull_request_review'],
      created_at: repository.createdAt,
      updated_at: now(),
      single_file_name: null,
      repository_selection: 'selected',
      suspended_by: null,
      suspended_at: null,
    });
  });
}
