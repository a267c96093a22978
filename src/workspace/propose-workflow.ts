import { stringify } from 'yaml';

type PackageFile = {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};

/** What a repository shows of itself, as far as a first `.slipway.yml` needs it. */
export type RepositoryFacts = {
  readonly owner: string;
  readonly packageJson?: PackageFile;
  readonly hasLockFile: boolean;
  readonly hasTypes: boolean;
  readonly docs: readonly string[];
};

/** A first `.slipway.yml` for a repository that has none; its team reads it and commits it. */
export function proposeWorkflow(facts: RepositoryFacts): string {
  const workflow = {
    version: 1,
    owner: facts.owner,
    ...(facts.docs.length > 0 && { context: { always: facts.docs } }),
    ...(facts.packageJson && {
      install: facts.hasLockFile ? 'npm ci --ignore-scripts' : 'npm install --ignore-scripts',
    }),
    checks: [
      ...(facts.hasTypes ? [{ name: 'types', run: 'npx tsc --noEmit' }] : []),
      testCheck(facts.packageJson),
    ],
    protected: [
      '.github/**',
      '.slipway.yml',
      ...(facts.packageJson ? ['package.json', 'package-lock.json'] : []),
    ],
  };
  return stringify(workflow, { lineWidth: 0 });
}

function testCheck(packageJson: PackageFile | undefined): { name: string; run: string; report?: string } {
  const script = packageJson?.scripts?.test;
  const installed = { ...packageJson?.dependencies, ...packageJson?.devDependencies };
  if ('vitest' in installed) {
    return {
      name: 'test',
      run: 'npx vitest run --reporter=json --outputFile=$REPORT',
      report: 'vitest-json',
    };
  }
  if ('jest' in installed) {
    return { name: 'test', run: 'npx jest --json --outputFile=$REPORT', report: 'jest-json' };
  }
  if ('mocha' in installed) {
    return {
      name: 'test',
      run: 'npx mocha --reporter json --reporter-option output=$REPORT',
      report: 'mocha-json',
    };
  }
  if (script && !script.includes('node --test')) {
    return { name: 'test', run: 'npm test' };
  }
  return {
    name: 'test',
    run: 'node --test --test-reporter=junit --test-reporter-destination=$REPORT',
    report: 'junit',
  };
}
