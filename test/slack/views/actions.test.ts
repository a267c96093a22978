import { describe, expect, test } from 'vitest';
import {
  type Action,
  actionId,
  callbackId,
  decode,
  decodeModal,
  encode,
  encodeModal,
} from '../../../src/slack/views/index.ts';

const id = 'f-'.padEnd(100, '9');
const round = { id, round: 999_999_999 };
const attempt = { id, attempt: 999_999_999 };
const hash = '"'.repeat(200);

const written: readonly (readonly [Action, string])[] = [
  [{ action: 'choose-repository', value: { id } }, encode('choose-repository', { id })],
  [
    { action: 'choose-repository', value: { id, name: 'x'.repeat(150) } },
    encode('choose-repository', { id, name: 'x'.repeat(150) }),
  ],
  [{ action: 'use-defaults', value: round }, encode('use-defaults', round)],
  [{ action: 'answer', value: round }, encode('answer', round)],
  [{ action: 'answer-in-own-words', value: round }, encode('answer-in-own-words', round)],
  [
    { action: 'approve-spec', value: { id, version: 3, hash } },
    encode('approve-spec', { id, version: 3, hash }),
  ],
  [{ action: 'edit-spec', value: { id, version: 3 } }, encode('edit-spec', { id, version: 3 })],
  [{ action: 'reject', value: { id, version: 3 } }, encode('reject', { id, version: 3 })],
  [
    { action: 'decide-suggestion', value: { id, ts: '1.000', accept: false } },
    encode('decide-suggestion', { id, ts: '1.000', accept: false }),
  ],
  [{ action: 'decide-split', value: { id, split: true } }, encode('decide-split', { id, split: true })],
  [{ action: 'approve-plan', value: { id, hash } }, encode('approve-plan', { id, hash })],
  [{ action: 'retry', value: attempt }, encode('retry', attempt)],
  [{ action: 'take-over', value: attempt }, encode('take-over', attempt)],
  [{ action: 'try-again', value: { id, step: 0 } }, encode('try-again', { id, step: 0 })],
  [{ action: 'raise-budget', value: { id, step: 9 } }, encode('raise-budget', { id, step: 9 })],
  [{ action: 'stop', value: { id } }, encode('stop', { id })],
  [{ action: 'add-note', value: { id } }, encode('add-note', { id })],
  [{ action: 'view-log', value: { id } }, encode('view-log', { id })],
];

describe('a button comes back as it was drawn', () => {
  test.each(written)('%j', (action, value) => {
    expect(value.length).toBeLessThanOrEqual(2_000);
    expect(decode(actionId(action.action), value)).toEqual(action);
    expect(decode(actionId(action.action, 'second'), value)).toEqual(action);
  });
});

describe('what we did not write is none of ours', () => {
  test.each([
    ['slipway.stop', ''],
    ['slipway.stop', 'not json'],
    ['slipway.stop', '{}'],
    ['slipway.stop', '{"id":"f-1","more":true}'],
    ['slipway.stop', '["f-1"]'],
    ['slipway.approve-spec', '{"id":"f-1","version":"1","hash":"x"}'],
    ['slipway.approve-spec', '{"id":"f-1","version":0,"hash":"x"}'],
    ['slipway.retry', '{"id":"f-1","attempt":1.5}'],
    ['slipway.constructor', '{"id":"f-1"}'],
    ['slipway.input', '{"id":"f-1"}'],
    ['stop', '{"id":"f-1"}'],
    ['other.stop', '{"id":"f-1"}'],
    ['', '{"id":"f-1"}'],
  ])('%s with %j', (clicked, value) => {
    expect(decode(clicked, value)).toBeUndefined();
  });
});

test('a value that would not fit is refused where it is written', () => {
  expect(() => encode('approve-plan', { id, hash: 'x'.repeat(2_000) })).toThrow(/hash/);
});

test('a dialog comes back with what it was opened for; a foreign one does not', () => {
  const metadata = encodeModal('ask', { channel: 'C0SHOP', message: '1.000' });
  expect(decodeModal(callbackId('ask'), metadata)).toEqual({
    modal: 'ask',
    value: { channel: 'C0SHOP', message: '1.000' },
  });
  expect(decodeModal(callbackId('retry'), metadata)).toBeUndefined();
  expect(decodeModal('ask', metadata)).toBeUndefined();
  expect(decodeModal(callbackId('ask'), '')).toBeUndefined();
});
