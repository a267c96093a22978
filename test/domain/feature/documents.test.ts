import { expect, test } from 'vitest';
import { commitMessage, pullRequestBody, specDocument } from '../../../src/domain/feature/documents.ts';
import { startStory } from './story.ts';

const story = startStory().untilProof();
story.prove('fail', ['AC-1']);
story.build('repair');
story.prove('pass');
const state = story.state();

test('the spec in the pull request names its hash and who approved it', () => {
  const text = specDocument(state);
  expect(text).toContain('hash `hash-1`');
  expect(text).toContain('approved by mei');
  expect(text).toContain('- **AC-2** An order of €49.99 pays €4.90.');
});

test('the commit says who assisted and who asked, and nobody signs off', () => {
  const text = commitMessage(state);
  expect(text).toMatch(/^feat: free shipping\n/);
  expect(text).toContain('Assisted-by: Slipway:standard-1');
  expect(text).toContain('Requested-by: raj');
  expect(text).toContain('Slipway-Run: f-test');
  expect(text).not.toContain('Signed-off-by');
});

test('the pull request says what was asked, what is proved and what is not', () => {
  const text = pullRequestBody(state);
  for (const part of [
    '> Orders over €50 ship free.',
    '| AC-1 | An order of €50.00 ships free. | ships free | red | green |',
    'at attempt 2 of 3',
    'What this does not prove',
    'Written by standard-1',
  ]) {
    expect(text).toContain(part);
  }
});
