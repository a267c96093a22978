import { expect, test } from 'vitest';
import { onCallNow } from '../../src/slack/on-call.ts';

const weekly = { people: ['U0ANA', 'U0KIM', 'U0MEI'], from: '2026-11-02T09:00:00+01:00', hours: 168 };

test.each([
  ['the moment the first turn begins', '2026-11-02T08:00:00Z', 'U0ANA'],
  ['the last second of the first turn', '2026-11-09T07:59:59Z', 'U0ANA'],
  ['the moment the second begins', '2026-11-09T08:00:00Z', 'U0KIM'],
  ['after everybody had a turn', '2026-11-23T08:00:00Z', 'U0ANA'],
  ['a year later', '2027-11-02T08:00:00Z', 'U0KIM'],
  ['before the first turn', '2026-11-02T07:59:59Z', 'U0MEI'],
])('%s', (_name, now, who) => expect(onCallNow(weekly, new Date(now))).toEqual([who]));

test('one person alone always is', () => {
  const alone = { people: ['U0ANA'], from: '2026-11-02T09:00:00Z', hours: 1 };
  expect(onCallNow(alone, new Date('2020-01-01T00:00:00Z'))).toEqual(['U0ANA']);
});
