import { posix } from 'node:path';

/** The files that a request or a stack trace in it names: by path, by the end of a path, or by a file name that few files have. */
export function filesNamedIn(text: string, paths: Iterable<string>): readonly string[] {
  const mentions = new Set(
    [...text.matchAll(/[\w@.()[\]+-]+(?:\/[\w@.()[\]+-]+)*\.[A-Za-z][A-Za-z0-9]{0,7}\b/g)].map((found) =>
      found[0].replace(/^[(["'.]+\/?/, ''),
    ),
  );
  if (mentions.size === 0) return [];
  const all = [...paths];
  return [...mentions].flatMap((mention) => {
    if (all.includes(mention)) return [mention];
    // A stack trace holds absolute paths of another machine.
    const ends = all.filter((path) => path.includes('/') && mention.endsWith(`/${path}`));
    if (ends.length > 0) return ends;
    const byEnd = all.filter((path) => path.endsWith(`/${mention}`) || posix.basename(path) === mention);
    return byEnd.length <= 3 ? byEnd : [];
  });
}
