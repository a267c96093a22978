import { expect, test } from 'vitest';
import { workflow } from '../../src/domain/workflow.ts';
import { withRisk } from '../../src/jobs/specify.ts';
import { specOf } from '../domain/feature/story.ts';

const rules = workflow.parse({
  version: 1,
  owner: '@maria',
  checks: [{ name: 'test', run: 'npm test' }],
  risk: { high: ['src/payments/**'], low: ['docs/**'] },
});

test.each([
  ['medium', ['src/payments/card.ts', 'docs/a.md'], 'high'],
  ['low', ['src/payments/card.ts'], 'high'],
  ['high', ['docs/a.md'], 'high'],
  ['medium', ['docs/a.md', 'docs/b/c.md'], 'low'],
  ['medium', ['docs/a.md', 'src/cart.ts'], 'medium'],
  ['low', ['src/cart.ts'], 'low'],
  ['medium', [], 'medium'],
] as const)('a %s spec that touches %j is %s', (level, files, expected) => {
  const spec = specOf({ risk: { level, because: 'the model says so' }, files: [...files] });
  expect(withRisk(spec, rules).risk.level).toBe(expected);
});
