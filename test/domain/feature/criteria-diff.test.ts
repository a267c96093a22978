import { expect, test } from 'vitest';
import { criteriaDiff } from '../../../src/domain/feature/criteria-diff.ts';

const of = (...texts: readonly (readonly [number, string])[]) =>
  texts.map(([number, text]) => ({ id: `AC-${number}`, text }));

test.each([
  ['nothing', of([1, 'a']), of([1, 'a']), []],
  ['only the order', of([1, 'a'], [2, 'b']), of([2, 'b'], [1, 'a']), []],
  ['one added', of([1, 'a']), of([1, 'a'], [2, 'b']), [{ kind: 'added', id: 'AC-2', text: 'b' }]],
  ['one removed', of([1, 'a'], [2, 'b']), of([1, 'a']), [{ kind: 'removed', id: 'AC-2', text: 'b' }]],
  ['one reworded', of([1, 'a']), of([1, 'b']), [{ kind: 'changed', id: 'AC-1', before: 'a', text: 'b' }]],
  [
    'the same words under a new id: an id is for ever, so it is another criterion',
    of([1, 'a']),
    of([2, 'a']),
    [
      { kind: 'added', id: 'AC-2', text: 'a' },
      { kind: 'removed', id: 'AC-1', text: 'a' },
    ],
  ],
])('%s', (_what, before, after, changes) => {
  expect(criteriaDiff(before, after)).toEqual(changes);
});
