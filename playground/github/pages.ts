import type { Hono } from 'hono';
import type { People } from './control.ts';
import { readCommit } from './git.ts';
import { escaped, htmlOf } from './markdown.ts';
import type { Pull, Repository } from './state.ts';
import type { Env, World } from './world.ts';
import { branchesOf, filesOf } from './world.ts';

/** Who merges when somebody presses the button. */
const merger = 'maria';

/** Plain pages, so that the links people get in the thread show something. */
export function pageRoutes(
  app: Hono<Env>,
  world: World,
  people: Pick<People, 'readyForReview' | 'merge'>,
): void {
  app.get('/', (c) => {
    const items = world.store.repositories().map(({ owner, name, pulls }) => {
      const full = `${owner}/${name}`;
      return `<li><a href="/${full}">${escaped(full)}</a>, ${pulls.length} pull requests</li>`;
    });
    return c.html(frame('Repositories', `<h1>Repositories</h1><ul>${items.join('')}</ul>`));
  });

  app.get('/:owner/:repo', async (c) => {
    const repository = world.store.find(c.req.param('owner'), c.req.param('repo'));
    if (!repository) return c.html(frame('Not found', '<h1>Not found</h1>'), 404);
    const full = `${repository.owner}/${repository.name}`;
    const pulls = repository.pulls
      .toReversed()
      .map(
        (pull) => `<li>${badge(pull)} <a href="/${full}/pull/${pull.number}">${escaped(pull.title)}</a></li>`,
      );
    const branches = (await branchesOf(world.git(repository))).map(
      ({ name, sha }) => `<li><code>${escaped(name)}</code> ${sha.slice(0, 7)}</li>`,
    );
    return c.html(
      frame(
        full,
        `<h1>${escaped(full)}</h1><h2>Pull requests</h2><ul>${pulls.join('')}</ul><h2>Branches</h2><ul>${branches.join('')}</ul>`,
      ),
    );
  });

  app.get('/:owner/:repo/pull/:number', async (c) => {
    const repository = world.store.find(c.req.param('owner'), c.req.param('repo'));
    const pull = repository?.pulls.find((one) => one.number === Number(c.req.param('number')));
    if (!repository || !pull) return c.html(frame('Not found', '<h1>Not found</h1>'), 404);
    return c.html(await pullPage(world, repository, pull));
  });

  app.post('/:owner/:repo/pull/:number/merge', async (c) => {
    const { owner, repo, number } = c.req.param();
    const at = { repository: `${owner}/${repo}`, number: Number(number), login: merger };
    await people.readyForReview(at);
    await people.merge(at);
    return c.redirect(`/${owner}/${repo}/pull/${number}`);
  });
}

async function pullPage(world: World, repository: Repository, pull: Pull): Promise<string> {
  const git = world.git(repository);
  const [files, head] = await Promise.all([filesOf(git, pull), readCommit(git, pull.headSha)]);
  const labels = pull.labels.map((name) => `<span class="label">${escaped(name)}</span>`).join(' ');
  const reviews = repository.reviews
    .filter((one) => one.pull === pull.number)
    .map(
      (one) =>
        `<li><b>${escaped(one.login)}</b> ${one.state.toLowerCase().replace('_', ' ')} <code>${one.commit.slice(0, 7)}</code> ${escaped(one.body)}</li>`,
    );
  const comments = repository.comments
    .filter((one) => one.issue === pull.number)
    .map((one) => `<article><b>${escaped(one.login)}</b>${htmlOf(one.body)}</article>`);
  const diffs = files.map((file) => {
    const lines = (file.patch ?? '').split('\n').map((line) => {
      const kind = line.startsWith('+')
        ? 'added'
        : line.startsWith('-')
          ? 'removed'
          : line.startsWith('@@')
            ? 'place'
            : '';
      return `<span class="${kind}">${escaped(line)}</span>`;
    });
    return `<details open><summary><code>${escaped(file.path)}</code> ${file.status}, +${file.additions} −${file.deletions}</summary><pre>${lines.join('\n')}</pre></details>`;
  });
  return frame(
    pull.title,
    `<p><a href="/${repository.owner}/${repository.name}">${escaped(`${repository.owner}/${repository.name}`)}</a></p>
<h1>${escaped(pull.title)} <small>#${pull.number}</small></h1>
<p>${badge(pull)} ${labels} <b>${escaped(pull.login)}</b> wants to merge <code>${escaped(pull.head)}</code> into <code>${escaped(pull.base)}</code></p>
${mergeForm(world, repository, pull)}<article>${htmlOf(pull.body ?? '')}</article>
${reviews.length > 0 ? `<h2>Reviews</h2><ul>${reviews.join('')}</ul>` : ''}
${comments.join('\n')}
<h2>Commit <code>${pull.headSha.slice(0, 7)}</code></h2><pre>${escaped(head?.message ?? '')}</pre>
<h2>Files changed (${files.length})</h2>${diffs.join('\n')}`,
  );
}

/** In the playground one person merges; who may is settled by the forge's own rules elsewhere. */
function mergeForm({ people }: World, { owner, name }: Repository, pull: Pull): string {
  if (pull.state !== 'open' || !people.some(({ login }) => login === merger)) return '';
  return `<form method="post" action="/${owner}/${name}/pull/${pull.number}/merge"><button>Merge as ${merger}</button></form>`;
}

function badge(pull: Pull): string {
  const state = pull.merged ? 'merged' : pull.state === 'closed' ? 'closed' : pull.draft ? 'draft' : 'open';
  return `<span class="state ${state}">${state}</span>`;
}

function frame(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>${escaped(title)}</title><style>
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}
h1 small{color:#59636e;font-weight:400}article{border:1px solid #d1d9e0;border-radius:6px;padding:.2rem 1rem;margin:1rem 0}
pre{overflow:auto;background:#f6f8fa;padding:.8rem;border-radius:6px;font-size:13px;line-height:1.45}code{font-size:90%}
table{border-collapse:collapse}td:first-child{white-space:nowrap}td,th{border:1px solid #d1d9e0;padding:.25rem .6rem;text-align:left}
.added{background:#dafbe1}.removed{background:#ffebe9}.place{color:#59636e}summary{cursor:pointer;padding:.4rem 0}
.state,.label{border-radius:1rem;padding:.1rem .6rem;font-size:13px;border:1px solid #d1d9e0}
.open{background:#1f883d;color:#fff}.draft{background:#59636e;color:#fff}.merged{background:#8250df;color:#fff}.closed{background:#cf222e;color:#fff}
</style></head><body>${body}</body></html>`;
}
