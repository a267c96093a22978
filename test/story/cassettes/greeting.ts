import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { GitHubServer } from '../../../playground/github/server.ts';
import type { Cassette, Recorded } from '../../../playground/model/cassette.ts';

/**
 * The smallest repository a feature can be built in, and a model's answers to requests about it. Its checks
 * need no packages, so that a proof takes a second or two and many stories fit into one test file.
 */
export const greeting: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "greeting", "private": true, "type": "module" }\n',
  'src/greet.js': "export function greet(name) {\n  return 'Hello ' + name;\n}\n",
  'test/greet.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greet } from '../src/greet.js';

test('greets in English', () => assert.equal(greet('Ana'), 'Hello Ana'));
`,
  '.slipway.yml': workflowOf('node --test --test-reporter=junit --test-reporter-destination=$REPORT'),
};

export function workflowOf(run: string, more: object = {}, check: object = {}): string {
  return stringify({
    version: 1,
    owner: '@maria',
    checks: [{ name: 'test', run, report: 'junit', ...check }],
    ...more,
  });
}

/** Puts a repository of these files on GitHub. */
export async function addRepository(
  github: GitHubServer,
  name: string,
  files: Readonly<Record<string, string>> = greeting,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-repository-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    }
    const git = (...args: readonly string[]) =>
      promisify(execFile)('git', ['-c', 'user.name=Ana', '-c', 'user.email=ana@acme.test', ...args], {
        cwd: directory,
        env: { PATH: process.env.PATH ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
      });
    await git('init', '-q', '-b', 'main');
    await git('add', '-A');
    await git('commit', '-q', '-m', 'A greeting');
    await github.people.createRepository({ name, from: directory, defaultBranch: 'main' });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

type Edit = Record<string, unknown>;
export const right: Edit = {
  kind: 'write',
  path: 'src/greet.js',
  content:
    "export function greet(name, language = 'en') {\n  return language === 'de' ? 'Hallo ' + name : 'Hello ' + name;\n}\n",
};
/** As wrong as the other one, in other words. */
export const alsoWrong: Edit = {
  kind: 'replace',
  path: 'src/greet.js',
  search: "'Guten Tag '",
  replace: "'Servus '",
};
export const wrong: Edit = {
  kind: 'write',
  path: 'src/greet.js',
  content:
    "export function greet(name, language = 'en') {\n  return language === 'de' ? 'Guten Tag ' + name : 'Hello ' + name;\n}\n",
};
const testOfIt: Edit = {
  kind: 'write',
  path: 'test/german.test.js',
  content: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greet } from '../src/greet.js';

test('AC-1: greets in German', () => assert.equal(greet('Ana', 'de'), 'Hallo Ana'));
`,
};

type Faults = Recorded['faults'];
export type Answers = {
  readonly request: string;
  /** What goes wrong before the answer, by role. */
  readonly faults?: Partial<Record<Recorded['role'], Faults>>;
  readonly risk?: 'low' | 'medium' | 'high';
  /** The edits of the coder, attempt by attempt; the last is repeated. */
  readonly code?: readonly (readonly Edit[])[];
  readonly parts?: readonly { readonly title: string; readonly words: string }[];
};

/** A cassette for one request about the greeting: a spec of one criterion, one task, and the code of each attempt. */
export function cassetteOf({
  request,
  faults = {},
  risk = 'low',
  code = [[right]],
  parts,
}: Answers): Cassette {
  const answer = (role: Recorded['role'], about: string, said: Record<string, unknown>): Recorded => ({
    role,
    about,
    heard: [],
    faults: faults[role] ?? [],
    answer: said,
  });
  const spec = {
    title: 'Greet in German',
    goal: 'People who speak German are greeted in German.',
    inputs: ['a name and a language'],
    outputs: ['the greeting'],
    criteria: [{ id: 'AC-1', text: 'greet("Ana", "de") is "Hallo Ana".' }],
    constraints: [],
    outOfScope: [],
    patterns: [],
    risk: { level: risk, because: 'One pure function changes.' },
    flag: 'german-greeting',
    files: ['src/greet.js'],
    estimate: { dollars: 0.1, minutes: 1 },
  };
  const whole = { spec, parts: null };
  const task = { title: 'Greet by language', files: ['src/greet.js'], signatures: [], criteria: ['AC-1'] };
  const edits = (attempt: number) => ({
    summary: 'The greeting knows German.',
    edits: code[Math.min(attempt, code.length) - 1] ?? [],
  });
  const tests = {
    tests: [{ criterion: 'AC-1', file: 'test/german.test.js', name: 'AC-1: greets in German' }],
    edits: [testOfIt],
  };
  return {
    story: request,
    request,
    answers: [
      answer('interviewer', 'Round 1', { questions: [] }),
      answer('specifier', 'Spec version 1', parts ? { spec: null, parts: [...parts] } : whole),
      answer('specifier', 'Spec version 2', {
        ...whole,
        spec: { ...spec, constraints: ['Also in Austria.'] },
      }),
      answer('planner', 'Plan for spec version 1', { summary: 'One function.', tasks: [task] }),
      answer('tester', 'Tests for spec version 1, attempt 1', tests),
      ...[1, 2, 3, 4].flatMap((attempt) => [
        answer('coder', `Attempt ${attempt}, task T-1`, edits(attempt)),
        answer('coder', `Attempt ${attempt}, repair`, edits(attempt)),
      ]),
    ],
  };
}

/** Writes cassettes into a directory and answers their paths. */
export async function writeCassettes(
  directory: string,
  cassettes: readonly Cassette[],
): Promise<readonly string[]> {
  await mkdir(directory, { recursive: true });
  return Promise.all(
    cassettes.map(async (cassette, index) => {
      const path = join(directory, `${index}.yml`);
      await writeFile(path, stringify(cassette, { aliasDuplicateObjects: false }));
      return path;
    }),
  );
}
