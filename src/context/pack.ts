import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { PastCommit } from '../ports.ts';
import { createRedactor, type Redactor } from '../secrets/index.ts';
import { type Candidate, candidates, leastNamedScore } from './candidates.ts';
import { clean } from './clean.ts';
import { type Dependency, dependenciesOf } from './dependencies.ts';
import { excerpt } from './excerpt.ts';
import { type LeftOut, readTree, type SourceFile } from './read-tree.ts';
import { countTokens } from './tokens.ts';
import { wordsOf } from './words.ts';

export type ContextRequest = {
  /** Plain files of the base commit. */
  readonly directory: string;
  /** Newest first; empty when there is none. */
  readonly history: readonly PastCommit[];
  /** The request, its criteria, a stack trace: what the files are searched with. */
  readonly query: string;
  /** Files the plan names; those that do not exist yet bring their neighbours. */
  readonly named?: readonly string[];
  /** `context` of `.slipway.yml`. */
  readonly workflow: {
    readonly always: readonly string[];
    readonly never: readonly string[];
    readonly maxTokens: number;
  };
  /** Only these paths are considered, when given (a checkout knows which files git ignores). */
  readonly only?: ReadonlySet<string>;
  /** So that one attempt uses one placeholder per secret; a fresh one when absent. */
  readonly redactor?: Redactor;
};

export type PackedFile = {
  readonly path: string;
  readonly score: number;
  /** One sentence each. */
  readonly reasons: readonly string[];
  readonly tokens: number;
  /** `excerpt`: signatures and the lines most like the request, for a file that did not fit whole. */
  readonly form: 'whole' | 'excerpt';
  readonly shownLines: number;
  readonly lines: number;
  /** Cleaned and redacted. */
  readonly text: string;
};

export type ContextPack = {
  /** Best first. */
  readonly files: readonly PackedFile[];
  readonly dependencies: readonly Dependency[];
  /** Of everything that `renderContext` writes; never more than `maxTokens`. */
  readonly tokens: number;
  readonly maxTokens: number;
  /** Files that were wanted and are not shown. */
  readonly leftOut: readonly LeftOut[];
  /** Hidden characters and comments that were taken out: a signal for the reviewer. */
  readonly stripped: readonly { readonly path: string; readonly what: string }[];
  /** Secrets that were replaced by placeholders; never their values. */
  readonly secrets: readonly { readonly path: string; readonly rule: string; readonly line: number }[];
};

/** The marker's and the label's share of a file in the prompt. */
const fenceTokens = 60;
/** A single file gets at most this share of the budget, more when it was named: the rest is for others. */
const largestShare = 0.4;
const largestNamedShare = 0.7;
const leastTokens = 120;

/** Chooses what the model may see: the files that matter, with the reason for each, within a budget of tokens. */
export async function packContext(request: ContextRequest): Promise<ContextPack> {
  const { directory, workflow } = request;
  const tree = await readTree({
    directory,
    never: workflow.never,
    ...(request.only === undefined ? {} : { only: request.only }),
  });
  const dependencies = dependenciesOf({
    manifest: tree.files.get('package.json')?.text,
    lock: await readPlainFile(join(directory, 'package-lock.json')),
  });
  const chosen = candidates({
    files: tree.files,
    history: request.history,
    query: request.query,
    named: request.named ?? [],
    always: workflow.always,
  });
  const packer = createPacker({
    redactor: request.redactor ?? createRedactor(),
    words: new Set(wordsOf(request.query)),
    maxTokens: workflow.maxTokens,
  });
  const known = await packer.addDependencies(dependencies);
  for (const candidate of chosen) {
    const file = tree.files.get(candidate.path);
    if (file !== undefined) await packer.add(candidate, file);
  }
  const wanted = new Set([...workflow.always, ...(request.named ?? [])]);
  const unseen = [...wanted].filter((path) => !tree.files.has(path));
  const because = new Map(tree.leftOut.map((file) => [file.path, file.because]));
  return packer.finish(
    known,
    unseen.map((path) => ({ path, because: because.get(path) ?? 'it does not exist' })),
  );
}

function createPacker(options: { redactor: Redactor; words: ReadonlySet<string>; maxTokens: number }) {
  const files: PackedFile[] = [];
  const leftOut: LeftOut[] = [];
  const stripped: { path: string; what: string }[] = [];
  const secrets: { path: string; rule: string; line: number }[] = [];
  let tokens = 0;

  async function add(candidate: Candidate, file: SourceFile): Promise<void> {
    const { path } = candidate;
    const left = options.maxTokens - tokens - fenceTokens - countTokens(path);
    if (left < leastTokens) {
      leftOut.push({ path, because: `the budget of ${options.maxTokens} tokens is used up` });
      return;
    }
    const cleaned = clean(file.text, /\.(?:md|mdx|markdown)$/i.test(path) ? 'markdown' : 'plain');
    const redacted = await options.redactor.redact(cleaned.text, { path });
    const ofBudget = candidate.score >= leastNamedScore ? largestNamedShare : largestShare;
    const share = Math.min(left, Math.floor(options.maxTokens * ofBudget));
    const packed = packText({ path, text: redacted.text, words: options.words, maxTokens: share });
    if (packed === undefined) {
      leftOut.push({ path, because: `it does not fit in the ${left} tokens that are left` });
      return;
    }
    stripped.push(...cleaned.stripped.map((what) => ({ path, what })));
    secrets.push(...redacted.secrets.map(({ rule, line }) => ({ path, rule, line })));
    files.push({ ...candidate, ...packed });
    tokens += packed.tokens + fenceTokens + countTokens(path);
  }

  async function addDependencies(dependencies: readonly Dependency[]): Promise<readonly Dependency[]> {
    const safe = await Promise.all(
      dependencies.map(async ({ name, version, exact }) => {
        const shown = clean(version, 'plain').text.slice(0, 200);
        return {
          name: clean(name, 'plain').text.slice(0, 200),
          version: (await options.redactor.redact(shown)).text,
          exact,
        };
      }),
    );
    const cost = countTokens(dependencyLines(safe)) + fenceTokens;
    if (safe.length === 0 || cost > options.maxTokens * 0.2) return [];
    tokens += cost;
    return safe;
  }

  return {
    add,
    addDependencies,
    finish: (dependencies: readonly Dependency[], missing: readonly LeftOut[]): ContextPack => ({
      files,
      dependencies,
      tokens,
      maxTokens: options.maxTokens,
      leftOut: [...missing, ...leftOut],
      stripped,
      secrets,
    }),
  };
}

function packText(file: {
  readonly path: string;
  readonly text: string;
  readonly words: ReadonlySet<string>;
  readonly maxTokens: number;
}): Pick<PackedFile, 'text' | 'tokens' | 'form' | 'shownLines' | 'lines'> | undefined {
  const tokens = countTokens(file.text);
  const lines = file.text.split('\n').length - (file.text.endsWith('\n') ? 1 : 0);
  if (tokens <= file.maxTokens) return { text: file.text, tokens, form: 'whole', shownLines: lines, lines };
  const part = excerpt(file);
  return part === undefined ? undefined : { ...part, tokens: countTokens(part.text), form: 'excerpt' };
}

/** One dependency a line, as the prompt shows them. */
export function dependencyLines(dependencies: readonly Dependency[]): string {
  return dependencies
    .map(({ name, version, exact }) => `${name} ${version}${exact ? '' : ' (as declared)'}`)
    .join('\n');
}

/** A file of the repository that is no link; undefined when there is none. */
async function readPlainFile(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const seen = await handle.stat();
      return seen.isFile() && seen.size < 50_000_000 ? await handle.readFile('utf8') : undefined;
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}
