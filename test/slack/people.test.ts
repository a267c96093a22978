import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type SlackWorkspace, startSlack } from '../../playground/slack/start-slack.ts';
import { slackClients } from '../../src/slack/app.ts';
import { createPeople, type People, type PeopleOptions } from '../../src/slack/people.ts';
import { keptLog } from '../engine/errand.ts';

let slack: SlackWorkspace;
let people: People;
let time = 0;
beforeAll(async () => {
  slack = await startSlack({
    users: [
      { id: 'U0RAJ', name: 'raj' },
      { id: 'U0TOM', name: 'tom' },
      { id: 'U0GUS', name: 'gus', isRestricted: true },
    ],
    userGroups: [
      { id: 'S0LEADS', handle: 'leads', name: 'Leads', users: ['U0TOM'] },
      { id: 'S0ONCALL', handle: 'oncall', name: 'On call', users: ['U0RAJ'] },
    ],
  });
});
afterAll(() => slack.stop());
beforeEach(() => {
  time = 0;
  const { apiUrl, credentials } = slack;
  people = peopleOf(apiUrl, credentials.botToken, 'T0HARBOUR');
});

function peopleOf(apiUrl: string, token: string, team: string, onCall?: PeopleOptions['onCall']): People {
  const client = slackClients({ token, apiUrl, log: { ...keptLog(), debug: () => undefined } }).outbox;
  return createPeople({
    client,
    holders: {
      request: 'everyone',
      steer: [],
      approve: ['S0LEADS'],
      stop: ['U0RAJ'],
      administer: [],
    },
    ...(onCall && { onCall }),
    team,
    now: () => time,
  });
}
const callsOf = async (method: string) =>
  (await slack.calls()).filter((call) => call.method === method).length;

test('rights come from names and from groups', async () => {
  expect(await people.actor('U0RAJ')).toMatchObject({ name: 'raj', rights: ['request', 'stop'] });
  expect(await people.actor('U0TOM')).toMatchObject({ name: 'tom', rights: ['request', 'approve'] });
  expect(await people.holdersOf('approve')).toEqual(['U0TOM']);
});

test.each<[string, PeopleOptions['onCall'], number, readonly string[]]>([
  ['a user group', { group: 'S0ONCALL' }, 0, ['U0RAJ']],
  ['a schedule', { people: ['U0RAJ', 'U0TOM'], from: '1970-01-01T00:00:00Z', hours: 1 }, 0, ['U0RAJ']],
  [
    'a schedule, an hour later',
    { people: ['U0RAJ', 'U0TOM'], from: '1970-01-01T00:00:00Z', hours: 1 },
    3_600_000,
    ['U0TOM'],
  ],
  ['nobody', undefined, 0, []],
])('on call by %s', async (_name, onCall, now, who) => {
  time = now;
  const { apiUrl, credentials } = slack;
  const called = peopleOf(apiUrl, credentials.botToken, 'T0HARBOUR', onCall);
  expect(await called.onCall()).toEqual(who);
  for (const id of ['U0RAJ', 'U0TOM']) {
    const actor = await called.actor(id);
    expect('rights' in actor && actor.rights.includes('on-call')).toBe(who.includes(id));
  }
});

test.each([
  ['a guest', 'U0GUS', /guest/i],
  ['a bot', 'U0SLIPWAY', /bot/i],
])('%s has none and is told so', async (_name, id, sentence) => {
  expect(await people.actor(id)).toMatchObject({ refuse: expect.stringMatching(sentence) });
});

test('people of another workspace have none', async () => {
  const { apiUrl, credentials } = slack;
  const others = peopleOf(apiUrl, credentials.botToken, 'T0OTHER');
  expect(await others.actor('U0RAJ')).toMatchObject({ refuse: expect.stringMatching(/workspace/) });
});

test('a group is asked for once in five minutes, and again after them', async () => {
  const before = await callsOf('usergroups.users.list');
  await people.actor('U0RAJ');
  await people.actor('U0TOM');
  expect(await callsOf('usergroups.users.list')).toBe(before + 1);
  time = 5 * 60_000 + 1;
  await people.actor('U0TOM');
  expect(await callsOf('usergroups.users.list')).toBe(before + 2);
});

test('a Slack that does not answer is asked again, not remembered', async () => {
  await slack.fault({ method: 'users.info', fault: { kind: 'server-error' } });
  await expect(people.actor('U0RAJ')).rejects.toMatchObject({ name: 'TryAgain' });
  expect(await people.actor('U0RAJ')).toMatchObject({ name: 'raj' });
});

test('who might stop an hour ago still may when Slack cannot say who they are, and nothing more', async () => {
  await people.actor('U0RAJ');
  time = 5 * 60_000 + 1;
  await slack.fault({ method: 'users.info', fault: { kind: 'server-error' } });
  expect(await people.actor('U0RAJ')).toMatchObject({ name: 'raj', rights: ['stop'] });
  time = 66 * 60_000;
  await slack.fault({ method: 'users.info', fault: { kind: 'server-error' } });
  await expect(people.actor('U0RAJ')).rejects.toMatchObject({ name: 'TryAgain' });
});
