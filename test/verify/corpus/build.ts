import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Runner } from './runners.ts';
import { type Files, manifest, type Story, shop, shopTests, type Writer } from './stories.ts';

export function writerFor(runner: Runner): Writer {
  const { modules } = runner;
  return {
    runner,
    source(functions, lines = '') {
      const each = Object.entries(functions).map(([name, code]) =>
        modules === 'esm' ? `export const ${name} = ${code};` : `exports.${name} = ${code};`,
      );
      return `${each.join('\n')}\n${lines}\n`;
    },
    tests(from, names, tests) {
      const load =
        modules === 'esm'
          ? `import { ${names.join(', ')} } from '${from}';`
          : `const { ${names.join(', ')} } = require('${from}');`;
      const each = Object.entries(tests).map(
        ([title, [actual, expected]]) => `test('${title}', () => {\n  ${runner.equal(actual, expected)}\n});`,
      );
      return `${[runner.opening, load, '', ...each].join('\n')}\n`;
    },
  };
}

/** Makes the repository of a story: the base as a commit, the change in the working tree. */
export function buildStory(
  directory: string,
  runner: Runner,
  story: Story,
  packages: string | undefined,
): void {
  const write = writerFor(runner);
  const run = story.run ?? runner.run;
  const check = {
    name: 'test',
    run,
    report: runner.report,
    ...(story.timeoutSeconds === undefined ? {} : { timeoutSeconds: story.timeoutSeconds }),
  };
  put(directory, {
    '.gitignore': 'node_modules\n',
    '.slipway.yml': `version: 1\nowner: '@maria'\nchecks:\n  - ${JSON.stringify(check)}\n`,
    'package.json': manifest(runner, { test: runner.run }),
    'src/shop.js': write.source(shop),
    'test/shop.test.js': write.tests('../src/shop.js', Object.keys(shop), shopTests),
    ...runner.files,
    ...story.base?.(write),
  });
  if (packages !== undefined) symlinkSync(packages, join(directory, 'node_modules'));
  const git = (...parameters: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=Maria', '-c', 'user.email=maria@example.com', ...parameters], {
      cwd: directory,
      stdio: 'pipe',
    });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=base');
  put(directory, story.change(write));
}

function put(directory: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true });
    if (content === null) rmSync(target, { force: true });
    else writeFileSync(target, content);
  }
}
