import { hiddenCharactersIn } from './hidden-characters.ts';

export type PathOptions = {
  /** Is there a symbolic link at this path of the repository? Asked for the path and each folder above it. */
  readonly isLink?: (path: string) => boolean;
};

/**
 * Why an edit may not name this path, or undefined when it may. A path is relative to the repository, has
 * forward slashes, and means the same file on every file system.
 */
export function checkPath(path: string, options: PathOptions = {}): string | undefined {
  if (path === '') return 'The path is empty. Name a file of the repository.';
  const shown = JSON.stringify(path.slice(0, 200));
  if (path.includes('\0')) return `The path ${shown} holds a NUL character.`;
  if (path.includes('\\')) return `The path ${shown} holds a backslash. Separate folders by "/".`;
  if (path.startsWith('/') || path.startsWith('~') || /^[A-Za-z]:/.test(path))
    return `The path ${shown} is absolute. Name it relative to the root of the repository.`;
  if (path !== path.normalize('NFC') || hiddenCharactersIn(path).length > 0 || /[\t\r\n]/.test(path))
    return `The path ${shown} holds characters that look like others or like nothing. Use plain ones.`;
  if (path.length > 1000) return `The path ${shown} is longer than 1,000 characters.`;
  const segments = path.split('/');
  const wrong = segments
    .map((segment) => checkSegment(segment, shown))
    .find((reason) => reason !== undefined);
  if (wrong !== undefined) return wrong;
  const { isLink } = options;
  if (isLink === undefined) return undefined;
  const link = segments
    .map((_, index) => segments.slice(0, index + 1).join('/'))
    .find((part) => isLink(part));
  return link === undefined
    ? undefined
    : `The path ${shown} leads through the symbolic link ${JSON.stringify(link)}. Name the file itself.`;
}

function checkSegment(segment: string, shown: string): string | undefined {
  if (segment === '') return `The path ${shown} has an empty part. It must name a file, with single slashes.`;
  if (segment === '.' || segment === '..')
    return `The path ${shown} holds "${segment}". Name the file directly, inside the repository.`;
  // `.git.`, `.git ` and `.git::$INDEX_ALLOCATION` are `.git` on Windows, `GIT~1` is its short name there.
  if (/^(?:\.git(?:[ .:~].*)?|git~\d+)$/i.test(segment))
    return `The path ${shown} is inside git's own folder, which no edit may touch.`;
  if (/^\.gitmodules$/i.test(segment))
    return `The path ${shown} would change submodules, which no edit may do.`;
  if (new TextEncoder().encode(segment).length > 255)
    return `The path ${shown} has a part longer than 255 bytes, which no file system takes.`;
  if (segment.trim() !== segment || segment.endsWith('.'))
    return `The path ${shown} has a part that starts or ends with a space or ends with a dot.`;
  return undefined;
}
