import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Git, IndexChange } from './github/git.ts';
import { changeTree, gitIn, writeBlob, writeCommit } from './github/git.ts';

/** Who keeps the shop; their logins are those of CODEOWNERS. */
export const shopAuthors = {
  maria: { login: 'maria', name: 'Maria Lopez', email: 'maria@shop.example' },
  jonas: { login: 'jonas', name: 'Jonas Weber', email: 'jonas@shop.example' },
  aiko: { login: 'aiko', name: 'Aiko Tanaka', email: 'aiko@shop.example' },
} as const;

type Step = {
  readonly by: keyof typeof shopAuthors;
  readonly date: string;
  readonly message: string;
  /** Files that come with this commit, as they are today. */
  readonly adds: readonly string[];
  /** Files that come without the lines that match; a later commit brings the rest. */
  readonly partly?: Readonly<Record<string, RegExp>>;
};

const wrapping = /gift-?wrap|Features|features/i;
const counting = /metrics|features|answered|customer/i;

/** Two months of work, oldest first. What no step names comes with the last one. */
const steps: readonly Step[] = [
  {
    by: 'maria',
    date: '2026-09-01T08:12:00Z',
    message: 'chore: start the shop',
    adds: ['package.json', 'package-lock.json', 'tsconfig.json', '.gitignore'],
  },
  {
    by: 'jonas',
    date: '2026-09-02T09:40:00Z',
    message: 'feat: count money in cents',
    adds: ['src/money.ts', 'test/money.test.ts', 'vitest.config.ts'],
  },
  {
    by: 'maria',
    date: '2026-09-04T13:05:00Z',
    message: 'feat: a catalogue of products\n\nErrors that customers see carry a code from the start.',
    adds: ['src/catalogue.ts', 'src/products.ts', 'src/errors.ts', 'test/catalogue.test.ts'],
  },
  {
    by: 'aiko',
    date: '2026-09-08T10:22:00Z',
    message: 'feat: carts',
    adds: [],
    partly: { 'src/cart.ts': wrapping, 'test/cart.test.ts': /GiftWrap|giftWrap|wrapping/ },
  },
  {
    by: 'jonas',
    date: '2026-09-11T15:30:00Z',
    message: 'feat: price a cart',
    adds: ['src/delivery.ts', 'test/delivery.test.ts'],
    partly: { 'src/pricing.ts': /gift-?wrap|Features|discount/i },
  },
  {
    by: 'jonas',
    date: '2026-09-17T08:55:00Z',
    message: 'feat: ten of a thing cost ten percent less',
    adds: ['src/discounts.ts', 'test/discounts.test.ts'],
    partly: { 'src/pricing.ts': /gift-?wrap|Features/i },
  },
  {
    by: 'maria',
    date: '2026-09-23T11:48:00Z',
    message: 'feat: orders hold back their goods\n\nAll lines of an order or none of them.',
    adds: ['src/orders.ts', 'src/stock.ts', 'src/store.ts', 'test/orders.test.ts'],
  },
  {
    by: 'aiko',
    date: '2026-09-30T14:10:00Z',
    message: 'feat: the shop over HTTP',
    adds: ['src/http/body.ts'],
    partly: {
      'src/http/server.ts': counting,
      'src/http/routes.ts': wrapping,
      'src/shop.ts': wrapping,
      'src/main.ts': wrapping,
    },
  },
  {
    by: 'aiko',
    date: '2026-10-07T09:02:00Z',
    message: 'docs: say how the shop is built and used',
    adds: ['README.md', 'docs/architecture.md', 'AGENTS.md'],
  },
  {
    by: 'jonas',
    date: '2026-10-14T12:36:00Z',
    message: 'feat: ask for features by the name of their flag',
    adds: ['src/features.ts', 'src/shop.ts', 'src/main.ts'],
  },
  {
    by: 'jonas',
    date: '2026-10-21T16:20:00Z',
    message: 'feat: wrap gifts, behind a flag',
    adds: [
      'src/gift-wrap.ts',
      'src/pricing.ts',
      'src/cart.ts',
      'src/http/routes.ts',
      'test/gift-wrap.test.ts',
      'test/pricing.test.ts',
      'test/cart.test.ts',
    ],
  },
  {
    by: 'aiko',
    date: '2026-10-28T10:05:00Z',
    message: 'test: the service says no more than it must when it breaks',
    adds: ['test/http.test.ts'],
  },
  {
    by: 'aiko',
    date: '2026-10-30T15:45:00Z',
    message: 'feat: count requests by the flags they asked',
    adds: ['src/http/metrics.ts', 'src/http/server.ts', 'test/metrics.test.ts'],
  },
  {
    by: 'maria',
    date: '2026-11-02T08:30:00Z',
    message: 'chore: how this team works with Slipway, and who owns what',
    adds: ['.slipway.yml', '.github/CODEOWNERS'],
  },
];

const shopDirectory = join(import.meta.dirname, 'shop');
const notOurs = new Set(['node_modules', 'coverage']);

/**
 * Builds the shop's repository, bare, in an empty directory: the files of playground/shop as three people
 * wrote them. The same files give the same commits, wherever and whenever it runs.
 */
export async function buildShopHistory(directory: string): Promise<{ readonly commit: string }> {
  await mkdir(directory, { recursive: true });
  const git = gitIn(directory);
  await git(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', '.']);
  const tree = new Map<string, string>();
  let commit: string | undefined;
  for (const [index, step] of steps.entries()) {
    const rest = index === steps.length - 1 ? (await shopFiles()).filter((path) => !tree.has(path)) : [];
    for (const path of [...new Set([...step.adds, ...rest])]) tree.set(path, await contentOf(path));
    for (const [path, leftOut] of Object.entries(step.partly ?? {}))
      tree.set(path, without(await contentOf(path), leftOut));
    const { name, email } = shopAuthors[step.by];
    commit = await writeCommit(git, {
      tree: await treeOf(tree, git),
      parents: commit ? [commit] : [],
      message: `${step.message}\n`,
      author: { name, email, date: step.date },
      committer: { name, email, date: step.date },
    });
  }
  if (!commit) throw new Error('The history of the shop has no steps.');
  await git(['update-ref', 'refs/heads/main', commit]);
  return { commit };
}

/** Every file of the shop, as paths inside it. */
export async function shopFiles(): Promise<readonly string[]> {
  const entries = await readdir(shopDirectory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(shopDirectory, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split('/').some((part) => notOurs.has(part)))
    .toSorted();
}

const contentOf = (path: string) => readFile(join(shopDirectory, path), 'utf8');

function without(content: string, leftOut: RegExp): string {
  return content
    .split('\n')
    .filter((line) => !leftOut.test(line))
    .join('\n');
}

async function treeOf(files: ReadonlyMap<string, string>, git: Git): Promise<string> {
  const changes: IndexChange[] = [];
  for (const [path, content] of files)
    changes.push({ path, mode: '100644', sha: await writeBlob(git, content) });
  return changeTree(git, undefined, changes);
}
