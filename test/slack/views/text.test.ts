import { describe, expect, test } from 'vitest';
import {
  clip,
  code,
  codeBlock,
  lines,
  link,
  mention,
  moment,
  plainly,
  quote,
  safe,
  sentence,
  time,
  weight,
} from '../../../src/slack/views/text.ts';

describe('words of others', () => {
  test.each([
    ['<!channel> & <@U0RAJ>', '&lt;!channel&gt; &amp; &lt;@U0RAJ&gt;'],
    ['<https://evil.test|your bank>', '&lt;https://evil.test|your bank&gt;'],
    ['two\n\nlines\tand\ra tab', 'two lines and a tab'],
    ['wake @here and @Channel', 'wake @\u200bhere and @\u200bChannel'],
    ['mail ana@channels.test', 'mail ana@channels.test'],
    ['a\u202etxt.exe\u0007', 'a txt.exe '],
    ['```rm -rf```', '`\u200b`\u200b`rm -rf`\u200b`\u200b`'],
    ['keeps `code` as it is', 'keeps `code` as it is'],
  ])('%j is %j', (given, shown) => {
    expect(safe(given)).toBe(shown);
  });

  test.each([
    [safe, '&'.repeat(50), '&amp;'.repeat(3)],
    [safe, 'abc', 'abc'],
    [clip, '👍'.repeat(30), '👍'.repeat(9)],
    [plainly, '<b>'.repeat(20), '<b>'.repeat(6)],
  ])('%o cuts without tearing: %j', (cut, given, start) => {
    const shown = cut(given, 19);
    expect(weight(shown)).toBeLessThanOrEqual(19);
    expect(shown.startsWith(start)).toBe(true);
    expect(shown.isWellFormed()).toBe(true);
    expect(shown).toMatch(/^(?:(?:&amp;)*…?|abc|👍*…|[<b>]*…)$/u);
  });

  test('lone surrogates and quotes cannot break the limit of the JSON', () => {
    expect(weight(safe('"\\'.repeat(500), 100))).toBeLessThanOrEqual(100);
    expect(safe('\ud83d', 10)).toBe('\ufffd');
  });
});

test('a backtick cannot end inline code, three cannot end a block', () => {
  expect(code('a`b')).toBe('`aʼb`');
  expect(code('')).toBe('` `');
  expect(codeBlock('x\n```\n*bold*')).toBe('```\nx\n`\u200b`\u200b`\n*bold*\n```');
  expect(weight(codeBlock('`'.repeat(900), 200))).toBeLessThanOrEqual(200);
});

test('a quotation keeps its lines, and none of them can pass for ours', () => {
  expect(quote('first\n\n  > second\n<!here>')).toBe('> first\n> &gt; second\n> &lt;!here&gt;');
  expect(weight(quote('word '.repeat(2_000), 500))).toBeLessThanOrEqual(500);
  expect(quote('a\n'.repeat(900), 100)).toMatch(/\n… \(\d+ more\)$/);
});

test.each([
  ['https://forge.test/a?b=1&c=2', '<https://forge.test/a?b=1&amp;c=2|#7>'],
  ['javascript:alert(1)', '#7'],
  ['https://forge.test/a|b', '#7'],
  ['https://forge.test/><!channel>', '#7'],
])('the address %s is linked as %s', (url, shown) => {
  expect(link(url, '#7')).toBe(shown);
});

test('only an id of Slack mentions; anything else is a name', () => {
  expect(mention({ id: 'U0RAJ', name: 'raj' })).toBe('<@U0RAJ>');
  expect(mention({ id: '!channel', name: '<raj>' })).toBe('&lt;raj&gt;');
});

test('a time is drawn in the zone of the reader', () => {
  expect(time('2026-11-21T10:12:00.000Z')).toBe('<!date^1795255920^{time}|10:12 UTC>');
  expect(time('not a time')).toBe('earlier');
  expect(time(undefined)).toBe('earlier');
});

test('a time of another day is drawn with its date', () => {
  const at = '2026-11-21T10:12:00.000Z';
  expect(moment(at, '2026-11-21T22:00:00.000Z')).toBe(time(at));
  const dated = '<!date^1795255920^{date_short_pretty} at {time}|2026-11-21 10:12 UTC>';
  expect(moment(at, '2026-11-21T23:00:00.000Z')).toBe(dated);
  expect(moment(at, '2026-11-20T10:00:00.000Z')).toBe(dated);
  expect(moment(at, undefined)).toBe(dated);
});

test('a sentence begins large and ends with a stop', () => {
  expect([sentence('no key'), sentence('Done!'), sentence('')]).toEqual(['No key.', 'Done!', '.']);
});

test('lines share the room and say how many are left', () => {
  const items = Array.from({ length: 20 }, (_, index) => `${index} ${'x'.repeat(500)}`);
  const draw = (item: string, room: number) => safe(item, room);
  const shown = lines(items, { max: 2_000, draw });
  expect(shown.split('\n')).toHaveLength(20);
  expect(weight(shown)).toBeLessThanOrEqual(2_000);
  const few = lines(items, { max: 400, draw });
  expect(few).toMatch(/\n… \(\d+ more\)$/);
  expect(weight(few)).toBeLessThanOrEqual(400);
  expect(few.split('\n').length - 1 + Number(/\((\d+) more/.exec(few)?.[1])).toBe(20);
});
