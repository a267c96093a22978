import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';

/** The programs a test may need of the system, by the name of the Debian package, with the names they go by. */
const programs = {
  bubblewrap: ['bwrap'],
  chromium: ['chromium', 'chromium-browser', 'google-chrome'],
  prometheus: ['prometheus'],
  'redis-server': ['redis-server'],
} as const;
export type SystemProgram = keyof typeof programs;

/** Where the program is, or undefined. */
export function pathOf(program: SystemProgram): string | undefined {
  const directories = (process.env.PATH ?? '').split(path.delimiter).filter((directory) => directory !== '');
  return programs[program]
    .flatMap((name) => directories.map((directory) => path.join(directory, name)))
    .find((candidate) => existsSync(candidate));
}

/** Why the program cannot be used here, or undefined when it can. */
function obstacle(program: SystemProgram): string | undefined {
  const found = pathOf(program);
  if (found === undefined) return `${program}, which is not installed: apt-get install ${program}`;
  if (program !== 'bubblewrap') return undefined;
  const trial = spawnSync(found, ['--unshare-all', '--ro-bind', '/', '/', 'true'], { encoding: 'utf8' });
  return trial.status === 0 ? undefined : `bubblewrap to work here, and it says: ${trial.stderr.trim()}`;
}

/**
 * `describe` for tests that need programs of the system: `needs('redis-server')('the queue on Redis', () => {…})`.
 * Where one is missing the suite is skipped and its title says why; with CI=true that is an error instead.
 */
export function needs(...wanted: readonly SystemProgram[]): (name: string, tests: () => void) => void {
  const missing = wanted.map(obstacle).find((reason) => reason !== undefined);
  if (missing === undefined) return (name, tests) => describe(name, tests);
  if (process.env.CI === 'true')
    throw new Error(`With CI=true no test may be skipped, and these need ${missing}`);
  return (name, tests) => describe.skip(`${name} [needs ${missing}]`, tests);
}
