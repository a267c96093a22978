import { expect, it } from 'vitest';
import { readExposition } from '../../../src/adapters/prometheus/exposition.ts';

it.each([
  ['orders_total 3', { __name__: 'orders_total' }, 3],
  ['orders_total{} 3', { __name__: 'orders_total' }, 3],
  ['orders_total{a="1",b="2"} 3 1700000000000', { __name__: 'orders_total', a: '1', b: '2' }, 3],
  ['orders_total{a="1",} 3', { __name__: 'orders_total', a: '1' }, 3],
  ['orders_total{ a = "1" , b="2" }  3', { __name__: 'orders_total', a: '1', b: '2' }, 3],
  ['x{a="say \\"hi\\", {b}\\n\\\\"} 1e3', { __name__: 'x', a: 'say "hi", {b}\n\\' }, 1000],
  ['x{a="} 5"} 7', { __name__: 'x', a: '} 5' }, 7],
  ['x_bucket{le="0.1"} 3 # {trace_id="abc"} 0.05 1700000000', { __name__: 'x_bucket', le: '0.1' }, 3],
  ['x +Inf', { __name__: 'x' }, Number.POSITIVE_INFINITY],
  ['x -Inf', { __name__: 'x' }, Number.NEGATIVE_INFINITY],
  ['x NaN', { __name__: 'x' }, Number.NaN],
])('reads %s', (line, labels, value) => {
  const text = `# HELP x what {it="is"} 5\n# TYPE x counter\n\n${line}\n# EOF\n`;
  expect(readExposition(text)).toEqual([{ labels, value }]);
});

it('leaves out what is no sample', () => {
  expect(readExposition('{a="1"} 5\n<html>\nx\n')).toEqual([]);
});
