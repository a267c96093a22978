import { expect, test } from 'vitest';
import { forLibrary, guarded } from '../../../../playground/slack/page/library-text.ts';

test.each([
  ['plain words', 'plain words'],
  ['# no heading\n---', '·# no heading\n·---'],
  ['1. one\n|a|b|\n|-|-|', '·1. one\n·|a|b|\n·|-|-|'],
  ['> a quote\nafter', '> a quote\nafter'],
  ['a &lt;@U1&gt; &amp; &lt;!here&gt;', 'a <·@U1·> & <·!here·>'],
  ['<@U1> *bold* ~gone~ _(slanted)_', '<@U1> *bold* ~gone~ _(slanted)_'],
  ['*<https://x.y|a link>*: *two words*', '*<https://x.y|a link>*: *two words*'],
  ['2*3*4, a * b * c, ~/a ~/b, **x**', '·2∗3∗4, a ∗ b ∗ c, ∼/a ∼/b, ∗∗x∗∗'],
  ['*AC-1* in `src/**/*.ts` *AC-2*', '*AC-1* in `src/∗∗/∗.ts` *AC-2*'],
  ['*Verified at `9f*3`* and `x`', '*Verified at `9f∗3`* and `x`'],
  ['see [a](b) in __init__ of C:\\_x', 'see [a]·(b) in _·_init_·_ of C:\\·_x'],
  ['```\n# code &lt;b&gt; * 2 * 3\n```', '```# code <b> ∗ 2 ∗ 3```'],
  ['', ''],
])('%j is drawn from %j (· has no width)', (mrkdwn, drawn) => {
  expect(guarded(mrkdwn)).toBe(drawn.replaceAll('·', '\u2060'));
});

test('plain text with signs of formatting is drawn as it is', () => {
  const header = (text: string) => ({ type: 'header', text: { type: 'plain_text', text } });
  expect(forLibrary(header('5 * 3 * 2'))).toEqual({
    type: 'header',
    text: { type: 'plain_text', text: '5 * 3 * 2', verbatim: true },
  });
  expect(forLibrary(header('Done :tada:'))).toEqual(header('Done :tada:'));
});

test('verbatim means no automatic links, not no markup', () => {
  const text = { type: 'mrkdwn', text: '*bold*', verbatim: true };
  expect(forLibrary({ type: 'section', text })).toEqual({
    type: 'section',
    text: { type: 'mrkdwn', text: '*bold*' },
  });
});
