import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GiveUp } from '../../src/errors.ts';
import type { Forge } from '../../src/ports.ts';
import { createWorkspace } from '../../src/workspace/workspace.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'slipway-workspace-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const past = [{ commit: 'a'.repeat(40), at: '2026-11-20T10:00:00Z', paths: ['a.ts'] }];
const request = { repository: 'acme/shop', commit: 'a'.repeat(40), signal: new AbortController().signal };

/** A forge that waits at its gate, so that two checkouts are under way at once. */
function forgeWith(checkOut: Forge['checkOut']): Forge {
  const refuse = async () => {
    throw new GiveUp('This forge takes no changes.');
  };
  return { look: refuse, keep: refuse, propose: refuse, outcome: refuse, checkOut };
}

const writesFile: Forge['checkOut'] = async ({ directory }) => {
  await mkdir(join(directory, 'src'));
  await writeFile(join(directory, 'src/a.ts'), 'export {};\n');
  return past;
};

function workspaceOf(checkOut: Forge['checkOut'] = writesFile) {
  const directory = join(home, 'checkouts');
  return { directory, ...createWorkspace({ forge: forgeWith(checkOut), directory }) };
}

describe('a checkout', () => {
  test('is made once for each commit', async () => {
    let made = 0;
    const { at } = workspaceOf(async (asked) => {
      made += 1;
      return writesFile(asked);
    });
    const first = await at(request);
    expect(await at(request)).toEqual(first);
    expect(first.history).toEqual(past);
    expect(await readFile(join(first.directory, 'src/a.ts'), 'utf8')).toBe('export {};\n');
    expect(made).toBe(1);
    await at({ ...request, commit: 'b'.repeat(40) });
    await at({ ...request, repository: 'acme/pay' });
    expect(made).toBe(3);
  });

  test('is whole when two jobs make it at once, and only one stays', async () => {
    let begun = 0;
    let open = () => {};
    const bothHere = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { at, directory } = workspaceOf(async (asked) => {
      begun += 1;
      if (begun === 2) open();
      await bothHere;
      return writesFile(asked);
    });
    const [one, other] = await Promise.all([at(request), at(request)]);
    expect(begun).toBe(2);
    expect(one).toEqual(other);
    expect(await readFile(join(one.directory, 'src/a.ts'), 'utf8')).toBe('export {};\n');
    expect(await readdir(directory)).toHaveLength(1);
  });

  test('that failed half-way leaves nothing, and is made whole the next time', async () => {
    let tries = 0;
    const { at, directory } = workspaceOf(async (asked) => {
      const history = await writesFile(asked);
      tries += 1;
      if (tries === 1) throw new GiveUp('The connection broke.');
      return history;
    });
    await expect(at(request)).rejects.toThrow('The connection broke.');
    expect(await readdir(directory)).toEqual([]);
    expect((await at(request)).history).toEqual(past);
  });
});

describe('a copy with a change', () => {
  const files = [
    { path: 'src/a.ts', content: null },
    { path: 'deep/er/b.ts', content: 'b\n' },
  ];

  test('holds the change, leaves the checkout as it was, and is gone after use', async () => {
    const { at, withChange, directory } = workspaceOf();
    const checkout = await at(request);
    const seen = await withChange({ checkout, files }, async (copy) => ({
      copy,
      src: await readdir(join(copy, 'src')),
      b: await readFile(join(copy, 'deep/er/b.ts'), 'utf8'),
    }));
    expect(seen).toMatchObject({ src: [], b: 'b\n' });
    await expect(readdir(seen.copy)).rejects.toThrow('ENOENT');
    expect(await readdir(join(checkout.directory, 'src'))).toEqual(['a.ts']);
    expect(await readdir(directory)).toHaveLength(1);
  });

  test('is gone after a failure too', async () => {
    const { at, withChange, directory } = workspaceOf();
    const checkout = await at(request);
    const failing = withChange({ checkout, files }, async () => {
      throw new GiveUp('It failed.');
    });
    await expect(failing).rejects.toThrow('It failed.');
    expect(await readdir(directory)).toHaveLength(1);
  });

  test.each(['linked/x.ts', 'linked', 'src/linked/deep/x.ts'])(
    'writes nothing through a link: %s',
    async (path) => {
      const outside = join(home, 'outside');
      await mkdir(outside);
      const { at, withChange } = workspaceOf(async (asked) => {
        const history = await writesFile(asked);
        await symlink(outside, join(asked.directory, 'linked'));
        await symlink('../linked', join(asked.directory, 'src/linked'));
        return history;
      });
      const checkout = await at(request);
      const error = await withChange(
        { checkout, files: [{ path, content: 'x' }] },
        async () => 'written',
      ).then(
        (result) => result,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(GiveUp);
      expect(String(error)).toMatch(
        /^GiveUp: Writing .* was refused: .* is a symbolic link in the repository, /,
      );
      expect(String(error)).not.toContain(home);
      expect(await readdir(outside)).toEqual([]);
    },
  );
});
