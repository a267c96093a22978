import { describe, expect, test } from 'vitest';
import { frozenUntil } from '../../../src/domain/rollout/freeze.ts';

const weekend = {
  rule: 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=15;BYMINUTE=0;BYSECOND=0',
  minutes: 60 * 60,
  why: 'weekend',
};
const berlin = {
  rule: 'DTSTART;TZID=Europe/Berlin:20240101T170000\nRRULE:FREQ=DAILY',
  minutes: 60,
  why: 'rush hour in Berlin',
};
const holidays = {
  rule: 'RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=20',
  minutes: 14 * 24 * 60,
  why: 'holidays',
};
const sundays = { rule: 'FREQ=WEEKLY;BYDAY=MO', minutes: 60, why: 'Monday' };
const once = { rule: 'DTSTART:20261121T120000Z\nRRULE:FREQ=DAILY;COUNT=1', minutes: 30, why: 'a fair' };

const except = { rule: 'RRULE:FREQ=DAILY;BYHOUR=12\nEXDATE:20261225T120000', minutes: 60, why: 'noon' };

describe('freeze windows', () => {
  test.each([
    ['before it begins', [weekend], '2026-11-20T14:59:59Z', undefined],
    ['from its first second', [weekend], '2026-11-20T15:00:00Z', '2026-11-23T03:00:00.000Z'],
    ['within it', [weekend], '2026-11-22T10:00:00Z', '2026-11-23T03:00:00.000Z'],
    ['at its end', [weekend], '2026-11-23T03:00:00Z', undefined],
    [
      'with two that touch',
      [weekend, { ...sundays, minutes: 300 }],
      '2026-11-22T10:00:00Z',
      '2026-11-23T05:00:00.000Z',
    ],
    ['in the zone of the rule, winter', [berlin], '2026-11-20T16:30:00Z', '2026-11-20T17:00:00.000Z'],
    ['in the zone of the rule, winter, before', [berlin], '2026-11-20T15:30:00Z', undefined],
    ['in the zone of the rule, summer', [berlin], '2026-07-20T15:30:00Z', '2026-07-20T16:00:00.000Z'],
    ['over the turn of the year', [holidays], '2027-01-02T10:00:00Z', '2027-01-03T00:00:00.000Z'],
    ['after one that came once', [once], '2026-11-22T12:10:00Z', undefined],
    ['in one that comes once', [once], '2026-11-21T12:10:00Z', '2026-11-21T12:30:00.000Z'],
    ['on a day that is left out', [except], '2026-12-25T12:10:00Z', undefined],
    ['on the day after it', [except], '2026-12-26T12:10:00Z', '2026-12-26T13:00:00.000Z'],
    ['without any', [], '2026-11-21T12:10:00Z', undefined],
  ])('%s', (_, windows, now, until) => {
    expect(frozenUntil(windows, new Date(now))?.until).toBe(until);
  });

  test('say why', () => {
    expect(frozenUntil([weekend], new Date('2026-11-21T10:00:00Z'))?.why).toBe('weekend');
  });
});
