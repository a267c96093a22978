/**
 * Whether a Node version fits what a repository asks for: `22`, `v20.11.1`, `20.x`, `^20.19 || >=22`, `>=18 <23`,
 * `lts/iron`. What cannot be understood fits nothing, so that Slipway's own Node is used and the report says so.
 */
export function satisfies(version: string, range: string): boolean {
  const parts = numbers(version);
  return range
    .trim()
    .toLowerCase()
    .split('||')
    .some((set) => fits(parts, set.trim()));
}

const names: Readonly<Record<string, number>> = { hydrogen: 18, iron: 20, jod: 22, krypton: 24 };

type Version = readonly [number, number, number];

function fits(version: Version, set: string): boolean {
  if (set === '' || set === '*' || set === 'x' || set === 'node' || set === 'current') return true;
  const lts = /^lts\/(.+)$/.exec(set)?.[1];
  if (lts !== undefined) return lts === '*' ? version[0] % 2 === 0 : names[lts] === version[0];
  const between = /^(\S+)\s+-\s+(\S+)$/.exec(set);
  if (between) return fits(version, `>=${between[1]}`) && fits(version, `<=${between[2]}`);
  return set
    .replace(/([<>=^~])\s+/g, '$1')
    .split(/\s+/)
    .every((comparator) => fitsOne(version, comparator));
}

function fitsOne(version: Version, comparator: string): boolean {
  const [, operator = '', wanted = ''] =
    /^(>=|<=|>|<|=|\^|~)?v?(\d+(?:\.(?:\d+|x|\*)){0,2})$/.exec(comparator) ?? [];
  if (wanted === '') return false;
  const given = wanted.split('.').filter((part) => /^\d+$/.test(part));
  const low = numbers(wanted);
  const order = compare(version, low);
  /** The first version after everything the given parts name: 20 → 21.0.0, 20.1 → 20.2.0. */
  const after: Version =
    given.length === 1
      ? [low[0] + 1, 0, 0]
      : given.length === 2
        ? [low[0], low[1] + 1, 0]
        : [low[0], low[1], low[2] + 1];
  switch (operator) {
    case '>=':
      return order >= 0;
    case '>':
      return compare(version, after) >= 0;
    case '<':
      return order < 0;
    case '<=':
      return compare(version, after) < 0;
    case '^':
      return order >= 0 && version[0] === low[0];
    case '~':
      return order >= 0 && version[0] === low[0] && (given.length === 1 || version[1] === low[1]);
    default:
      return order >= 0 && compare(version, after) < 0;
  }
}

function numbers(version: string): Version {
  const [major = 0, minor = 0, patch = 0] = version
    .replace(/^v/, '')
    .split('.')
    .map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor, patch];
}

function compare(one: Version, other: Version): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
