import semver from 'semver';

const names: Readonly<Record<string, string>> = { hydrogen: '18', iron: '20', jod: '22', krypton: '24' };

/**
 * Whether a Node version fits what a repository asks for: a semver range, or what nvm knows (`lts/iron`, `node`).
 * What cannot be understood fits nothing, so that Slipway's own Node is used and the report says so.
 */
export function satisfies(version: string, wanted: string): boolean {
  const range = wanted.trim().toLowerCase();
  if (range === 'node' || range === 'current') return true;
  const lts = /^lts\/(.+)$/.exec(range)?.[1];
  if (lts === undefined) return semver.satisfies(version, range);
  if (lts === '*') return semver.major(version) % 2 === 0;
  return semver.satisfies(version, names[lts] ?? '<0.0.0');
}
