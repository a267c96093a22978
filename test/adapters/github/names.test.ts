import { describe, expect, it } from 'vitest';
import { branchName, commitId, isPlainPath, repositoryName } from '../../../src/adapters/github/names.ts';

describe('repositoryName', () => {
  it.each(['acme/shop', 'a-b/c.d_e', 'A1/.github'])('takes %s', (name) => {
    const [owner, repo] = name.split('/');
    expect(repositoryName(name)).toEqual({ owner, repo });
  });
  it.each([
    '',
    'shop',
    '/shop',
    'acme/',
    'acme/.',
    'acme/..',
    'acme/shop.git',
    'acme/a/b',
    '-a/b',
    'a b/c',
    'a/b\n',
    'a/b%2f',
  ])('refuses %j', (name) => {
    expect(() => repositoryName(name)).toThrow('Write it as owner/name');
  });
});

describe('branchName', () => {
  it.each(['main', 'slipway/f1-a', 'a.b', 'ünïcode', 'a@b'])('takes %s', (name) => {
    expect(branchName(name)).toBe(name);
  });
  it.each([
    '',
    '@',
    '-x',
    '/x',
    'x/',
    'x.',
    'a..b',
    'a//b',
    'a@{1}',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[',
    'a\\b',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a\u0000',
    'a\u007f',
    'x'.repeat(201),
  ])('refuses %j', (name) => {
    expect(() => branchName(name)).toThrow('cannot be the name of a branch');
  });
});

describe('commitId', () => {
  it.each(['a'.repeat(40), '0'.repeat(64)])('takes %s', (id) => expect(commitId(id)).toBe(id));
  it.each(['', 'abc', 'HEAD', '-x', 'g'.repeat(40), 'A'.repeat(40), `${'a'.repeat(40)}\n`])(
    'refuses %j',
    (id) => {
      expect(() => commitId(id)).toThrow('not the full id of a commit');
    },
  );
});

describe('isPlainPath', () => {
  it.each(['a', 'a/b.ts', '.gitignore', '.github/x', 'git', 'a b/ü', '...', 'git~2', '.gitmodules'])(
    'takes %j',
    (path) => {
      expect(isPlainPath(path)).toBe(true);
    },
  );
  it.each([
    '',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/../b',
    './a',
    '.git',
    'a/.git/config',
    '.GIT/x',
    '.git./x',
    '.git /x',
    '.git::$INDEX_ALLOCATION/x',
    'git~1/x',
    '.g\u200cit/x',
    'a\u0000b',
  ])('refuses %j', (path) => {
    expect(isPlainPath(path)).toBe(false);
  });
});
