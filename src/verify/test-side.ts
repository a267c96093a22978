import { basename } from 'node:path';
import picomatch from 'picomatch';

/** Which side of a change a file is on: what is judged, or what judges. */
export type Side = 'code' | 'test' | 'runner' | 'scripts' | 'ci';

const matcher = (patterns: readonly string[]) => picomatch([...patterns], { dot: true });

const isTest = matcher([
  '**/*.{test,spec,test-d,cy}.{js,jsx,ts,tsx,mjs,cjs,mts,cts}',
  '**/*-test.{js,ts,mjs,cjs}',
  '**/*_test.{js,ts,mjs,cjs}',
  '**/{test,tests,__tests__,spec,specs,__snapshots__,__mocks__,__fixtures__,fixtures,e2e}/**',
  '**/{test,tests}.{js,ts,mjs,cjs}',
  '**/*.snap',
  '**/test-*.{js,mjs,cjs}',
  '**/{vitest,jest,test}[.-]setup.*',
  '**/setup{-,_,.,}[tT]ests.*',
]);
const isExpected = picomatch('**/{test,tests,__tests__,__snapshots__,__fixtures__,fixtures,e2e}/**', {
  dot: true,
  ignore: ['**/{doc,docs}/**', '**/{readme,README}*'],
});
const isRunner = matcher([
  '**/{vitest,vite}.{config,workspace,projects}.*',
  '**/jest.config.*',
  '**/jest.preset.*',
  '**/.mocharc*',
  '**/{.c8rc,.nycrc}*',
  '**/nyc.config.*',
  '**/{babel.config.*,.babelrc*,.swcrc}',
  '**/tsconfig*.json',
  '**/{eslint.config.*,.eslintrc*,.eslintignore,biome.json*,.oxlintrc*}',
  '**/{.taprc,ava.config.*,playwright.config.*,wallaby.*}',
  '**/{Makefile,justfile,.npmrc,.env.test}',
]);
const isCi = matcher(['.github/**', '.gitlab-ci.yml', '.circleci/**', '.ci/**', '.husky/**', '.slipway.yml']);

export function sideOf(path: string): Side {
  if (isCi(path)) return 'ci';
  if (basename(path) === 'package.json' && !isTest(path)) return 'scripts';
  if (isRunner(path) && !isTest(path)) return 'runner';
  // Specifications in prose are not tests; prose beside tests is what they expect to read.
  if (isTest(path) && (!/\.(md|mdx|txt|rst)$/.test(path) || isExpected(path))) return 'test';
  return 'code';
}
