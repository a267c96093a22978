import { describe, expect, it } from 'vitest';
import { narrowed, readSelector, selects, written } from '../../../src/adapters/prometheus/selector.ts';

const names = { flag: 'free-delivery', environment: 'production' };

describe('a selector of the rollout settings', () => {
  it.each([
    ['orders_total', '{__name__="orders_total"}'],
    [' orders_total { } ', '{__name__="orders_total"}'],
    ['orders_total{route="order", status=~"5..",}', '{__name__="orders_total",route="order",status=~"5.."}'],
    ["job:orders{a!='x', b!~`y\\d`}", '{__name__="job:orders",a!="x",b!~"y\\\\d"}'],
    ['{__name__="orders_total"}', '{__name__="orders_total"}'],
    ['orders{a="say \\"hi\\"\\n"}', '{__name__="orders",a="say \\"hi\\"\\n"}'],
    ['orders{env="$environment",f="$flag!"}', '{__name__="orders",env="production",f="free-delivery!"}'],
  ])('%s is read and written', (text, expected) => {
    expect(written(readSelector(text, names))).toBe(expected);
  });

  it.each([
    ['rate(orders_total[5m])', '"(orders_total[5m])" is not a list of labels'],
    ['orders_total{route="order"}[5m]', 'after its labels comes "[5m]"'],
    ['orders_total or up', '"or up" is not a list of labels'],
    ['orders_total{route="order"} or up', 'after its labels comes "or up"'],
    ['orders_total{route=order}', 'the value of "route" is not in quotes'],
    ['orders_total{route="order" status="5"}', 'after the value of "route" comes "status="5"}"'],
    ['orders_total{"route"="order"}', '""route"="order"}" is not a label with a value'],
    ['orders_total{route="order"', 'after the value of "route" comes ""'],
    ['orders_total{route=~"("}', '"(" is not a regular expression'],
    ['orders_total{route="\\x41"}', 'it has the escape "\\x"'],
    ['{route="order"}', 'it names no metric'],
    ['sum by (x) (orders)', '"by (x) (orders)" is not a list of labels'],
  ])('%s is refused', (text, why) => {
    expect(() => readSelector(text, names)).toThrow(
      `The selector \`${text}\` of the rollout settings is not a plain one: ${why}.`,
    );
  });

  it('cannot be ended by the name of a flag', () => {
    const hostile = { flag: 'x"} or up{a="', environment: '.*' };
    expect(written(readSelector('orders{f="$flag",e=~"$environment"}', hostile))).toBe(
      '{__name__="orders",f="x\\"} or up{a=\\"",e=~"\\\\.\\\\*"}',
    );
    expect(written(narrowed([], { flag: 'a"\\' }))).toBe('{flag="a\\"\\\\"}');
  });

  it.each([
    ['orders', { __name__: 'orders', a: '1' }, true],
    ['orders', { __name__: 'others' }, false],
    ['orders{a=""}', { __name__: 'orders' }, true],
    ['orders{a!=""}', { __name__: 'orders' }, false],
    ['orders{a=~"5.."}', { __name__: 'orders', a: '503' }, true],
    ['orders{a=~"5.."}', { __name__: 'orders', a: '5030' }, false],
    ['orders{a!~"5.."}', { __name__: 'orders', a: '404' }, true],
  ])('%s against %j: %s', (text, labels, expected) => {
    expect(selects(readSelector(text, names), labels)).toBe(expected);
  });
});
