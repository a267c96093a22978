import { z } from 'zod';
import { type OnCallSchedule, onCallNow } from '../../slack/on-call.ts';
import { type CheckUp, ok, problem, unknown } from './finding.ts';
import { request } from './request.ts';

type OnCallSettings = {
  readonly botToken: string;
  /** Ends in a slash. */
  readonly apiUrl: string;
  readonly onCall: { readonly group: string } | OnCallSchedule;
  readonly now: Date;
};

const subject = 'on call';
const userAnswer = z.looseObject({
  ok: z.boolean(),
  error: z.string().optional(),
  user: z
    .looseObject({ name: z.string(), deleted: z.boolean().optional(), is_bot: z.boolean().optional() })
    .optional(),
});
const groupAnswer = z.looseObject({
  ok: z.boolean(),
  error: z.string().optional(),
  users: z.array(z.string()).default([]),
});

/** Somebody must be there to be mentioned when a rollout halts. */
export function checkOnCall(settings: OnCallSettings): Promise<readonly CheckUp[]> {
  const { onCall } = settings;
  return 'group' in onCall ? checkGroup(settings, onCall.group) : checkSchedule(settings, onCall);
}

async function checkGroup(settings: OnCallSettings, group: string): Promise<readonly CheckUp[]> {
  const answer = await ask(settings, `usergroups.users.list?usergroup=${encodeURIComponent(group)}`);
  const read = groupAnswer.safeParse(answer);
  if (!read.success) return [unknown(subject, `Slack did not list the members of ${group}.`)];
  if (!read.data.ok)
    return [
      problem(
        subject,
        `the user group ${group} cannot be read: Slack says ${read.data.error ?? 'no'}`,
        'Mend onCall.group in slipway.yml: the id of a user group of this workspace (S…).',
      ),
    ];
  const { users } = read.data;
  if (users.length === 0)
    return [problem(subject, `the user group ${group} has no members`, 'Add who is on call to it in Slack.')];
  return [ok(subject, `the user group ${group}, of ${users.length}`)];
}

async function checkSchedule(
  settings: OnCallSettings,
  schedule: OnCallSchedule,
): Promise<readonly CheckUp[]> {
  const found = await Promise.all(
    [...new Set(schedule.people)].map(async (id) => {
      const read = userAnswer.safeParse(await ask(settings, `users.info?user=${encodeURIComponent(id)}`));
      return { id, answer: read.success ? read.data : undefined };
    }),
  );
  const unreadable = found.find(({ answer }) => answer === undefined);
  if (unreadable) return [unknown(subject, `Slack did not say who ${unreadable.id} is.`)];
  const gone = found.filter(({ answer }) => !answer?.ok || answer.user?.deleted || answer.user?.is_bot);
  if (gone.length > 0)
    return [
      problem(
        subject,
        `${gone.map(({ id }) => id).join(', ')}: no active person of this workspace`,
        'Mend onCall.people in slipway.yml.',
      ),
    ];
  const [now] = onCallNow(schedule, settings.now);
  const name = found.find(({ id }) => id === now)?.answer?.user?.name ?? now;
  return [ok(subject, `${name} now, of ${found.length}`)];
}

async function ask({ apiUrl, botToken }: OnCallSettings, method: string): Promise<unknown> {
  const answer = await request(`${apiUrl}${method}`, { token: botToken });
  return 'noAnswer' in answer ? undefined : answer.body;
}
