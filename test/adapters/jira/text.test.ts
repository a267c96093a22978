import { describe, expect, it } from 'vitest';
import { descriptionOf, summaryOf } from '../../../src/adapters/jira/text.ts';

const joiner = '\u2060';

describe('descriptionOf', () => {
  it.each([
    ['plain words stay', 'Errors rose from 0.5 % to 1.6 %, checkout-v2 is off.', undefined],
    ['names stay', 'in src/cart_total.ts of shop-web a+b', undefined],
    ['addresses stay links', 'https://a.slack.com/archives/C1/p1?thread_ts=1.2&cid=C_1-', undefined],
    ['bold', '*now*', String.raw`\*now\*`],
    ['a list', '* one\n- two', '\\* one\n\\- two'],
    ['a numbered list', '# one\n  ## two', `${joiner}# one\n  ${joiner}## two`],
    ['a heading', 'h1. Big\nbq. quote', `${joiner}h1. Big\n${joiner}bq. quote`],
    ['a rule and a dash', '----\na -- b', '\\-\\-\\-\\-\na \\-\\- b'],
    ['a sign', '-5 % and +20 %', String.raw`\-5 % and \+20 %`],
    ['a macro', '{code}x{code}', String.raw`\{code\}x\{code\}`],
    ['a mention', '[~admin] [~accountid:1]', String.raw`\[\~admin\] \[\~accountid:1\]`],
    ['a hidden link', '[Approve|https://evil.example/x]', String.raw`\[Approve\|https://evil.example/x\]`],
    ['a remote picture', '!https://evil.example/x.png!', String.raw`\!https://evil.example/x.png!`],
    ['an exclamation', 'Halted! At once', undefined],
    ['a table', '||a||b||', String.raw`\|\|a\|\|b\|\|`],
    ['a citation', '??x?? and why?', String.raw`\?\?x\?\? and why?`],
    ['raised and lowered', 'x^2^ y~2~', String.raw`x\^2\^ y\~2\~`],
    ['a backslash before a letter', String.raw`C:\temp`, undefined],
    ["an escape of one's own", String.raw`\{code}`, `\\${joiner}\\{code\\}`],
    ['a line break', String.raw`a\\b`, `a\\${joiner}\\b`],
    ['half of a pair', 'a\ud83d b', 'a\ufffd b'],
    ['line ends and control characters', 'a\r\nb\u0000c\u001b[0m', 'a\nb c \\[0m'],
  ])('%s', (_, text, shown) => {
    expect(descriptionOf(text)).toBe(shown ?? text);
  });
});

describe('summaryOf', () => {
  it.each([
    ['one line of several', 'a\r\nb\n\n c\t', 'a b c'],
    ['255 characters as they are', 'x'.repeat(255), 'x'.repeat(255)],
    ['no more than 255', 'x'.repeat(256), `${'x'.repeat(254)}…`],
    ['no half of a pair', `${'x'.repeat(253)}😀y`, `${'x'.repeat(253)}…`],
    ['something for nothing', ' \n ', 'No summary'],
  ])('%s', (_, text, line) => {
    expect(summaryOf(text)).toBe(line);
  });
});
