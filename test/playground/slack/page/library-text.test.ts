import { expect, test } from 'vitest';
import { forLibrary, guarded } from '../../../../playground/slack/page/library-text.ts';

test.each([
  ['plain words', '·plain words'],
  ['# no heading\n---', '·# no heading\n·---'],
  ['> a quote\nafter', '> a quote\n·after'],
  ['&lt;@U1&gt; &amp; &lt;!here&gt;', '·<·@U1·> & <·!here·>'],
  ['<@U1> *bold*', '·<@U1> *bold*'],
  ['```\n# code &lt;b&gt;\n```', '```# code <b>```'],
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
