import { describe, expect, test } from 'vitest';
import type { Edit } from '../../src/domain/change.ts';
import { applyEdits, checkPath, describeProblems } from '../../src/domain/edits.ts';

const replace = (path: string, search: string, text: string): Edit => ({
  kind: 'replace',
  path,
  search,
  replace: text,
});
const write = (path: string, content: string): Edit => ({ kind: 'write', path, content });
const over = (files: Readonly<Record<string, string>>) => (path: string) =>
  Object.hasOwn(files, path) ? files[path] : undefined;

/** What one edit makes of the file `a.ts`. */
function after(content: string, edit: Edit): string | null | undefined {
  const result = applyEdits(over({ 'a.ts': content }), [edit]);
  return 'files' in result ? result.files[0]?.content : undefined;
}
function problem(content: string | undefined, edit: Edit) {
  const result = applyEdits(over(content === undefined ? {} : { 'a.ts': content }), [edit]);
  return 'problems' in result ? result.problems[0] : undefined;
}

describe('an edit that fits', () => {
  const cases: Readonly<
    Record<string, readonly [before: string, search: string, text: string, after: string]>
  > = {
    'replaces the one place': ['a\nb\nc\n', 'b', 'B', 'a\nB\nc\n'],
    'replaces whole lines': ['a\nb\nc\n', 'b\n', 'x\ny\n', 'a\nx\ny\nc\n'],
    'does not join lines when the replacement lacks its line end': ['a\nb\nc\n', 'b\n', 'x', 'a\nx\nc\n'],
    'removes lines': ['a\nb\nc\n', 'b\n', '', 'a\nc\n'],
    'overlooks spaces at line ends of the file': ['a  \nb\t\nc\n', 'a\nb\n', 'x\n', 'x\nc\n'],
    'overlooks spaces at line ends of the search': ['a\nb\nc\n', 'a \nb  ', 'x', 'x\nc\n'],
    'prefers the exact place to one that differs in spaces': [
      'a\nb \n-\na\nb\n.\n',
      'a\nb\n',
      'x\n',
      'a\nb \n-\nx\n.\n',
    ],
    'keeps CRLF': ['a\r\nb\r\nc\r\n', 'a\nb\n', 'x\ny\nz\n', 'x\r\ny\r\nz\r\nc\r\n'],
    'takes CRLF in the edit too': ['a\nb\nc\n', 'a\r\nb', 'x\r\ny', 'x\ny\nc\n'],
    'leaves the other lines of a mixed file': ['a\r\nb\nc\r\n', 'b', 'B', 'a\r\nB\nc\r\n'],
    'keeps a missing final line end': ['a\nb', 'b\n', 'c\nd\n', 'a\nc\nd'],
    'keeps a final line end': ['a\nb\n', 'b\n', 'c', 'a\nc\n'],
    'keeps a byte order mark': ['\ufeffa\nb\n', 'a', 'x', '\ufeffx\nb\n'],
    'takes $& as it is': ['a\nb\n', 'b', "$& $1 $'", "a\n$& $1 $'\n"],
    'keeps emoji': ['a\nb\n', 'b', "'❤️ 👩‍💻'", "a\n'❤️ 👩‍💻'\n"],
    'may move a hidden character that was there': ['a\u200bb\n', 'a\u200bb', 'c(a\u200bb)', 'c(a\u200bb)\n'],
    "may keep a file's own placeholder text": [
      'see [SECRET:x:1]\nb\n',
      'see [SECRET:x:1]',
      'look [SECRET:x:1]',
      'look [SECRET:x:1]\nb\n',
    ],
  };
  test.each(Object.entries(cases))('%s', (_, [before, search, text, expected]) => {
    expect(after(before, replace('a.ts', search, text))).toBe(expected);
  });

  test('writes a new file as it is, and a small one with the line ends it had', () => {
    expect(after('', write('b/c.ts', 'x\ny'))).toBe('x\ny');
    expect(after('a\r\nb\r\n', write('a.ts', 'x\ny'))).toBe('x\r\ny\r\n');
  });

  test('deletes', () => {
    expect(after('a', { kind: 'delete', path: 'a.ts' })).toBe(null);
  });

  test('sees what earlier edits did, and reports only what differs in the end', () => {
    const edits: readonly Edit[] = [
      replace('a.ts', 'one', 'two'),
      replace('a.ts', 'two', 'three'),
      write('new.ts', 'first\n'),
      replace('new.ts', 'first', 'second'),
      write('gone.ts', 'x'),
      { kind: 'delete', path: 'gone.ts' },
      replace('same.ts', 'x', 'y'),
      replace('same.ts', 'y', 'x'),
    ];
    expect(applyEdits(over({ 'a.ts': 'one\n', 'same.ts': 'x\n' }), edits)).toEqual({
      files: [
        { path: 'a.ts', content: 'three\n' },
        { path: 'new.ts', content: 'second\n' },
      ],
    });
  });
});

describe('an edit that does not fit', () => {
  const hundred = Array.from({ length: 201 }, (_, index) => `line ${index}`).join('\n');
  const cases: readonly (readonly [string, string | undefined, Edit, string])[] = [
    [
      'names the file that is missing',
      undefined,
      replace('a.ts', 'x', 'y'),
      'Edit 1 (replace "a.ts") cannot be applied: the file does not exist. Write it as a new file, or name one that exists.',
    ],
    [
      'cannot delete what is not there',
      undefined,
      { kind: 'delete', path: 'a.ts' },
      'Edit 1 (delete "a.ts") cannot be applied: the file does not exist.',
    ],
    [
      'counts the places',
      'x\nx\nx\n',
      replace('a.ts', 'x', 'y'),
      'Edit 1 (replace "a.ts") matches 3 places (lines 1, 2, 3). Add lines around it until the search is unique.',
    ],
    [
      'counts places that overlap',
      'aaa\n',
      replace('a.ts', 'aa', 'b'),
      'Edit 1 (replace "a.ts") matches 2 places (lines 1, 1). Add lines around it until the search is unique.',
    ],
    [
      'never overlooks indentation',
      '  if (a) {\n    b();\n  }\n',
      replace('a.ts', 'if (a) {\n  b();\n}', 'c();'),
      'Edit 1 (replace "a.ts") does not match: the search is not in the file, character for character. Only the indentation differs. Did you mean these lines, from line 1?\n  if (a) {\n    b();\n  }',
    ],
    [
      'never overlooks indentation that the file lacks',
      'b();\nc();\n',
      replace('a.ts', '  b();', 'd();'),
      'Edit 1 (replace "a.ts") does not match: the search is not in the file, character for character. Only the indentation differs. Did you mean these lines, from line 1?\nb();',
    ],
    [
      'shows the nearest lines',
      'const total = 1;\nreturn total;\n',
      replace('a.ts', 'const totals = 1;', 'x'),
      'Edit 1 (replace "a.ts") does not match: the search is not in the file, character for character. Did you mean these lines, from line 1?\nconst total = 1;',
    ],
    [
      'says that nothing looks like it',
      'a\n',
      replace('a.ts', 'something else', 'x'),
      'Edit 1 (replace "a.ts") does not match: the search is not in the file, character for character. Nothing in the file looks like it; copy the lines from the file as it was shown.',
    ],
    [
      'says that it is done already',
      'const a = 2;\n',
      replace('a.ts', 'const a = 1;', 'const a = 2;'),
      'Edit 1 (replace "a.ts") does not match, but the replacement lines are already in the file. Leave this edit out if nothing else is to change.',
    ],
    [
      'needs a search',
      'a\n',
      replace('a.ts', ' \n', 'x'),
      'Edit 1 (replace "a.ts") has an empty search. Search for the lines to replace; write the whole file only when it is new or small.',
    ],
    [
      'may not overwrite a large file',
      hundred,
      write('a.ts', 'x'),
      'Edit 1 (write "a.ts") would overwrite a file of 201 lines. Change a file this large by search and replace.',
    ],
    [
      'may not write below a file',
      'a',
      write('a.ts/b.ts', 'x'),
      'Edit 1 (write "a.ts/b.ts") cannot be applied: "a.ts" is a file, not a folder.',
    ],
    [
      'may not hold a placeholder',
      'key = "k"\n',
      replace('a.ts', 'key = "k"', 'key = "[SECRET:github-pat:1]"'),
      'Edit 1 (replace "a.ts") holds the placeholder [SECRET:github-pat:1], which stands for a value you were not shown. Leave those lines as they are.',
    ],
    [
      'may not search for a placeholder',
      'key = "k"\n',
      replace('a.ts', 'key = "[SECRET:github-pat:1]"', 'x'),
      'Edit 1 (replace "a.ts") holds the placeholder [SECRET:github-pat:1], which stands for a value you were not shown. Leave those lines as they are.',
    ],
    [
      'may not add hidden characters',
      'a\n',
      replace('a.ts', 'a', 'a\u202e\u200b\u{e0041}'),
      'Edit 1 (replace "a.ts") adds characters that a reader does not see (U+202E, U+200B, U+E0041). Write them as escapes or leave them out.',
    ],
    [
      'may not leave the repository',
      'a\n',
      replace('../a.ts', 'a', 'b'),
      'Edit 1 (replace "../a.ts") is refused. The path "../a.ts" holds "..". Name the file directly, inside the repository.',
    ],
  ];
  test.each(cases)('%s', (_, content, edit, message) => {
    expect(problem(content, edit)?.message).toBe(message);
  });

  test('keeps the others from being applied, and all problems are told at once', () => {
    const result = applyEdits(over({ 'a.ts': 'one\n' }), [
      replace('a.ts', 'one', 'two'),
      replace('b.ts', 'x', 'y'),
      replace('c.ts', 'x', 'y'),
    ]);
    expect('problems' in result && describeProblems(result.problems, 3)).toBe(
      [
        '2 of 3 edits do not fit, so none was applied. Send every edit again, with these corrected.',
        'Edit 2 (replace "b.ts") cannot be applied: the file does not exist. Write it as a new file, or name one that exists.',
        'Edit 3 (replace "c.ts") cannot be applied: the file does not exist. Write it as a new file, or name one that exists.',
      ].join('\n\n'),
    );
  });
});

describe('a path', () => {
  test.each([
    'a.ts',
    'src/a b.ts',
    '.github/workflows/x.yml',
    '.gitignore',
    'docs/é.md',
    'a/.gitkeep',
    'src/[id]/page.tsx',
    '...x',
  ])('may be %s', (path) => {
    expect(checkPath(path)).toBe(undefined);
  });
  const refused = [
    ...[
      '',
      '/etc/passwd',
      '../x',
      'a/../../x',
      './a',
      'a//b',
      'a/',
      'a\\b',
      '..\\x',
      'a\0b',
      'C:/x',
      '~/x',
      'a/\nb',
    ],
    ...[
      '.git/config',
      '.GIT/hooks/x',
      'a/.Git/x',
      '.git',
      '.git./x',
      '.git /x',
      '.git::$INDEX_ALLOCATION/x',
      'GIT~1/x',
    ],
    ...['.gitmodules', '.g\u200cit/x', 'e\u0301.md', 'a\u202e.ts', 'a. /b', 'a /b', 'a./b', 'x'.repeat(1001)],
    ...[`a/${'x'.repeat(256)}`, `a/${'é'.repeat(128)}.ts`],
  ];
  test.each(refused.map((path) => [JSON.stringify(path.slice(0, 40)), path]))('may not be %s', (_, path) => {
    expect(checkPath(path)).toMatch(/^The path .*\.$/);
  });
  test('may not lead through a link', () => {
    const isLink = (path: string) => path === 'a/link';
    expect(checkPath('a/link/b.ts', { isLink })).toBe(
      'The path "a/link/b.ts" leads through the symbolic link "a/link". Name the file itself.',
    );
    expect(checkPath('a/link', { isLink })).toBeDefined();
    expect(checkPath('a/other/b.ts', { isLink })).toBe(undefined);
  });
});
