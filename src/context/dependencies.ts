import { z } from 'zod';

/** A direct dependency and the version that is really installed, when the lock file says it. */
export type Dependency = { readonly name: string; readonly version: string; readonly exact: boolean };

const versions = z.record(z.string(), z.string()).optional();
const manifest = z.object({ dependencies: versions, devDependencies: versions, peerDependencies: versions });
const npmLock = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

/** The direct dependencies of a `package.json`, with the exact versions of its `package-lock.json`; empty where there is none. */
export function dependenciesOf(texts: {
  readonly manifest: string | undefined;
  readonly lock: string | undefined;
}): readonly Dependency[] {
  const declared = manifest.safeParse(parseJson(texts.manifest));
  if (!declared.success) return [];
  const lock = npmLock.safeParse(parseJson(texts.lock));
  const all = {
    ...declared.data.peerDependencies,
    ...declared.data.devDependencies,
    ...declared.data.dependencies,
  };
  return Object.entries(all)
    .slice(0, 200)
    .map(([name, range]) => {
      const installed = lock.success ? lock.data.packages[`node_modules/${name}`]?.version : undefined;
      return { name, version: installed ?? range, exact: installed !== undefined };
    });
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
