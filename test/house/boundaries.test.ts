import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { breachesOf, doubleAdapters } from './rules.ts';

/** The sources of the house. The shop is a repository of its own that the playground serves. */
function sources(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const file = path.posix.join(directory, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules' && file !== 'playground/shop') walk(file);
      if (entry.isFile() && /\.tsx?$/.test(entry.name)) found.set(file, readFileSync(file, 'utf8'));
    }
  };
  const top = new Set(readdirSync('.'));
  for (const room of ['src', 'commands', 'playground']) if (top.has(room)) walk(room);
  return found;
}

const house = sources();

test('every room imports only what the table of docs/architecture.md allows', () => {
  expect(house.size).toBeGreaterThan(20);
  expect([...house].flatMap(([file, source]) => breachesOf(file, source))).toEqual([]);
});

test('every adapter speaks to one outside system', () => {
  expect(doubleAdapters(house)).toEqual([]);
});

describe('a wrong import is named with its file, line and rule', () => {
  test.each([
    [
      'src/domain/x.ts',
      "import { a } from '../errors.ts'",
      '1: imports ../errors.ts, but src/domain may not import src/errors.ts',
    ],
    [
      'src/domain/x.ts',
      "\nimport { readFileSync } from 'node:fs'",
      "2: imports node:fs, but src/domain may not import Node's modules",
    ],
    [
      'src/domain/x.ts',
      "import pg from 'pg'",
      '1: imports pg, but src/domain may import only zod, rrule, @stdlib/math-base-special-betaln, @stdlib/stats-base-dists-t-quantile',
    ],
    [
      'src/domain/x.ts',
      "const x = await import('../engine/send.ts')",
      '1: imports ../engine/send.ts, but src/domain may not import src/engine',
    ],
    [
      'src/domain/x.ts',
      "export { a } from '../config/load.ts'",
      '1: imports ../config/load.ts, but src/domain may not import src/config',
    ],
    [
      'src/domain/x.ts',
      "export * from '../config/load.ts'",
      '1: imports ../config/load.ts, but src/domain may not import src/config',
    ],
    ['src/domain/x.ts', 'const at = new Date()', '1: uses new Date(), but src/domain is pure'],
    ['src/domain/x.ts', 'const f = () => Date.now()', '1: uses Date.now, but src/domain is pure'],
    ['src/domain/x.ts', 'const r = Math.random()', '1: uses Math.random, but src/domain is pure'],
    ['src/domain/x.ts', 'const e = process.env.HOME', '1: uses process.env, but src/domain is pure'],
    [
      'src/prompts/x.ts',
      "import { m } from '../ports.ts'",
      '1: imports ../ports.ts, but src/prompts may not import src/ports.ts, except its types',
    ],
    [
      'src/slack/views/card.ts',
      "import { WebClient } from '@slack/web-api'",
      '1: imports @slack/web-api, but src/slack/views may import only zod, types of @slack/types',
    ],
    [
      'src/slack/views/card.ts',
      "import { post } from '../outbox.ts'",
      '1: imports ../outbox.ts, but src/slack/views may not import src/slack',
    ],
    [
      'src/engine/x.ts',
      "import { app } from '../slack/app.ts'",
      '1: imports ../slack/app.ts, but src/engine may not import src/slack',
    ],
    [
      'src/verify/x.ts',
      "import { run } from '../adapters/bubblewrap.ts'",
      '1: imports ../adapters/bubblewrap.ts, but src/verify may not import src/adapters',
    ],
    [
      'src/verify/x.ts',
      "import { load } from '../config/load.ts'",
      '1: imports ../config/load.ts, but src/verify may not import src/config',
    ],
    [
      'src/context/x.ts',
      "import OpenAI from 'openai'",
      '1: imports openai, but the SDK of the model belongs in src/adapters',
    ],
    [
      'src/jobs/plan.ts',
      "import { f } from './interview.ts'",
      '1: imports ./interview.ts, but the parts of src/jobs may not import each other',
    ],
    [
      'src/adapters/github/api.ts',
      "import { f } from '../openai/ask.ts'",
      '1: imports ../openai/ask.ts, but the parts of src/adapters may not import each other',
    ],
    [
      'src/adapters/github.ts',
      "import { f } from '../engine/store.ts'",
      '1: imports ../engine/store.ts, but src/adapters may not import src/engine',
    ],
    [
      'src/audit/x.ts',
      "import { f } from '../slack/app.ts'",
      '1: imports ../slack/app.ts, but src/audit may not import src/slack',
    ],
    [
      'src/web/x.ts',
      "import { f } from '../adapters/github.ts'",
      '1: imports ../adapters/github.ts, but src/web may not import src/adapters',
    ],
    [
      'commands/feature.ts',
      "import bolt from '@slack/bolt'",
      '1: imports @slack/bolt, but commands may import only zod',
    ],
    [
      'commands/feature.ts',
      "import { slipway } from './slipway.ts'",
      '1: imports ./slipway.ts, but the parts of commands may not import each other',
    ],
    [
      'commands/feature.ts',
      "import { send } from '../src/engine/send.ts'",
      '1: imports ../src/engine/send.ts, but commands may not import src/engine, except its types',
    ],
    [
      'playground/slack/x.ts',
      "import { chain } from '../../src/engine/chain.ts'",
      '1: imports ../../src/engine/chain.ts, but playground may not import src/engine, except its types',
    ],
    [
      'src/engine/x.ts',
      "import { f } from '../../test/x.ts'",
      '1: imports ../../test/x.ts, but test/x.ts is in no room of the table',
    ],
    [
      'src/config/yaml.ts',
      "import { readFileSync } from 'node:fs'",
      "1: imports node:fs, but src/config/yaml.ts may not import Node's modules",
    ],
  ])('%s: %s', (file, source, breach) => {
    expect(breachesOf(file, source)).toEqual([`${file}:${breach}`]);
  });

  test('a room that is not in the table', () => {
    expect(breachesOf('src/new/x.ts', '')).toEqual([
      'src/new/x.ts: is in no room of the table (test/house/rooms.ts)',
    ]);
  });

  test('an adapter with two SDKs', () => {
    const two = new Map([
      ['src/adapters/forge.ts', "import { Octokit } from '@octokit/rest'"],
      ['src/adapters/forge/model.ts', "import OpenAI from 'openai'"],
      ['src/adapters/model.ts', "import OpenAI from 'openai'"],
    ]);
    expect(doubleAdapters(two)).toEqual(['src/adapters/forge imports the SDKs of GitHub and the model']);
  });
});

describe('a right import is let through', () => {
  test.each([
    [
      'src/domain/feature/x.ts',
      "import { z } from 'zod'; import type { Right } from '../process.ts'; const d = new Date('2026-01-01')",
    ],
    ['src/prompts/x.ts', "import type { Role } from '../ports.ts'"],
    ['src/slack/views/card.ts', "import type { KnownBlock } from '@slack/types'"],
    [
      'src/verify/x.ts',
      "import { readWorkflow } from '../config/workflow-file.ts'; import { scan } from '../secrets/index.ts'",
    ],
    ['src/jobs/plan.ts', "import { f } from './common/edits.ts'"],
    ['src/jobs/index.ts', "import { plan } from './plan.ts'"],
    ['src/adapters/github/api.ts', "import { x } from './tree.ts'; import { y } from '../github.ts'"],
    [
      'commands/feature.ts',
      "import type { Command } from './command.ts'; import type { Engine } from '../src/engine/engine.ts'",
    ],
    [
      'playground/slack/x.ts',
      "import { type Verdict } from '../../src/domain/proof.ts'; import { Hono } from 'hono'",
    ],
    [
      'src/cli/doctor.ts',
      "import { run } from '../adapters/bubblewrap.ts'; import { WebClient } from '@slack/web-api'",
    ],
  ])('%s: %s', (file, source) => {
    expect(breachesOf(file, source)).toEqual([]);
  });
});
