import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { variables } from '../../src/config/environment.ts';
import { readWorkflow } from '../../src/config/workflow-file.ts';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

/** Every match of a pattern's first group, over all pages, each with its page. */
function mentions(pattern: RegExp): readonly { page: string; what: string }[] {
  return pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(pattern)].map(([, what]) => ({ page, what: what ?? '' })),
  );
}

test('every npm script the pages name exists', () => {
  const named = mentions(/\bnpm (?:run (?:-s )?)?(start|test|(?<=run |-s )[a-z]+)\b/g);
  expect(named.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['demo', 'test', 'slipway', 'start', 'lock']),
  );
  expect(named.filter(({ what }) => !(what in scripts))).toEqual([]);
});

test('every slipway command the pages name exists', () => {
  const named = mentions(/(?:slipway --|`slipway|^slipway) ([a-z]+)/gm);
  expect(named.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['doctor', 'verify', 'context', 'audit']),
  );
  const help = spawnSync('node', ['src/cli.ts', '--help'], { encoding: 'utf8' }).stdout;
  expect(named.filter(({ what }) => !new RegExp(`\\b${what}\\b`).test(help))).toEqual([]);
});

test('every link to a file of the project leads somewhere', () => {
  const links = mentions(/\]\((?!https?:|#)([^)#\s]+)/g);
  expect(links.length).toBeGreaterThan(5);
  // The picture comes with the script that takes it.
  const coming = existsSync('scripts/screenshot.ts') ? [] : ['docs/thread.png'];
  const broken = links.filter(
    ({ page, what }) => !coming.includes(what) && !existsSync(path.join(path.dirname(page), what)),
  );
  expect(broken).toEqual([]);
});

test('the example in docs/workflow.md is a valid .slipway.yml', () => {
  const example =
    readFileSync('docs/workflow.md', 'utf8').match(/```yaml\n(?<text>[\s\S]*?)```/)?.groups?.text ?? '';
  expect(readWorkflow(example)).toMatchObject({ value: { owner: '@maria', budget: { perFeature: 4 } } });
});

describe('containers', () => {
  const services = z.record(
    z.string(),
    z.looseObject({ environment: z.record(z.string(), z.string()).optional() }),
  );
  const compose = z
    .looseObject({ services, volumes: z.record(z.string(), z.null()) })
    .parse(parse(readFileSync('compose.yml', 'utf8')));
  const dockerfile = readFileSync('Dockerfile', 'utf8');

  test('the bot is given only variables that Slipway knows', () => {
    const given = Object.keys(compose.services.bot?.environment ?? {});
    const baked = [...dockerfile.matchAll(/\b([A-Z_]+)=/g)].map(([, name = '']) => name);
    expect(baked).toContain('SLIPWAY_HOME');
    expect([...given, ...baked].filter((name) => name !== 'NODE_ENV' && !(name in variables))).toEqual([]);
  });

  test('the bot runs as a normal user, from files that are there', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile.match(/^CMD \["node", "(?<file>[^"]+)"\]$/m)?.groups?.file).toBe('src/main.ts');
    expect(Object.keys(compose.services)).toEqual(['bot', 'postgres', 'redis']);
  });
});

describe('continuous integration', () => {
  test('.ci/run runs npm test and nothing else', () => {
    const lines = readFileSync('.ci/run', 'utf8').split('\n');
    const commands = lines.filter((line) => line !== '' && !line.startsWith('#') && !/^(set|cd) /.test(line));
    expect(commands).toEqual(['exec npm test']);
  });

  test('the workflow runs .ci/run', () => {
    expect(readFileSync('.github/workflows/test.yml', 'utf8')).toMatch(/^\s+- run: \.ci\/run$/m);
  });
});
