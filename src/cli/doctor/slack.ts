import { z } from 'zod';
import { type CheckUp, ok, problem, unknown } from './finding.ts';
import { type Answer, type NoAnswer, request } from './request.ts';

type SlackSettings = {
  readonly botToken: string;
  readonly appToken?: string;
  readonly apiUrl: string;
  /** The scopes of manifest.yml. */
  readonly scopes: readonly string[];
  /** Channel ids and #names of slipway.yml. */
  readonly channels: readonly string[];
};

const reply = z.looseObject({
  ok: z.boolean(),
  error: z.string().optional(),
  team: z.string().optional(),
  user: z.string().optional(),
});
const channelPage = z.looseObject({
  ok: z.literal(true),
  channels: z.array(z.looseObject({ id: z.string(), name: z.string(), is_member: z.boolean().optional() })),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});
type Channel = z.infer<typeof channelPage>['channels'][number];

/** What Slack said no with, or undefined when it said yes. */
function refusal(answer: Answer | NoAnswer): string | undefined {
  if ('noAnswer' in answer) return answer.noAnswer;
  const read = reply.safeParse(answer.body);
  if (!read.success)
    return `HTTP ${answer.status} without an answer of Slack's form; is SLACK_API_URL right?`;
  return read.data.ok ? undefined : `Slack says ${read.data.error ?? 'no'}`;
}

function scopeCheck(answer: Answer, wanted: readonly string[]): CheckUp {
  const subject = 'Slack scopes';
  const granted = answer.headers.get('x-oauth-scopes')?.split(/\s*,\s*/);
  if (granted === undefined) return unknown(subject, 'Slack did not say which scopes the token has.');
  const missing = wanted.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return ok(subject, `all ${wanted.length} scopes of manifest.yml are granted`);
  return problem(
    subject,
    `the bot token lacks ${missing.join(', ')}`,
    'Paste manifest.yml into "App Manifest" of the Slack app, reinstall it, and copy the new token.',
  );
}

async function socketCheck(apiUrl: string, appToken: string | undefined): Promise<CheckUp> {
  const subject = 'Slack connection';
  if (appToken === undefined) return ok(subject, 'events come over HTTP, checked with SLACK_SIGNING_SECRET');
  const answer = await request(`${apiUrl}apps.connections.open`, { method: 'POST', token: appToken });
  const no = refusal(answer);
  if (no === undefined) return ok(subject, 'Socket Mode opens');
  return problem(
    subject,
    `Socket Mode does not open: ${no}`,
    'Check SLACK_APP_TOKEN: an app-level token with connections:write, from "Basic Information".',
  );
}

async function visibleChannels({ apiUrl, botToken }: SlackSettings): Promise<readonly Channel[] | undefined> {
  const found: Channel[] = [];
  let cursor = '';
  for (let page = 0; page < 20; page++) {
    const query = new URLSearchParams({
      types: 'public_channel,private_channel',
      exclude_archived: 'true',
      limit: '1000',
      cursor,
    });
    const answer = await request(`${apiUrl}conversations.list?${query}`, { token: botToken });
    const read = 'noAnswer' in answer ? undefined : channelPage.safeParse(answer.body);
    if (!read?.success) return undefined;
    found.push(...read.data.channels);
    cursor = read.data.response_metadata?.next_cursor ?? '';
    if (cursor === '') return found;
  }
  return undefined;
}

async function channelChecks(settings: SlackSettings): Promise<readonly CheckUp[]> {
  if (settings.channels.length === 0) return [];
  const visible = await visibleChannels(settings);
  return settings.channels.map((name) => {
    const subject = `Slack channel ${name}`;
    if (visible === undefined) return unknown(subject, 'Slack did not list the channels.');
    const channel = visible.find((one) => one.id === name || `#${one.name}` === name);
    if (channel?.is_member) return ok(subject, 'the bot is in it');
    const because = channel === undefined ? 'the bot cannot see it' : 'the bot is not in it';
    return problem(subject, because, 'In that channel, type: /invite @Slipway');
  });
}

/** Tokens, scopes, Socket Mode, and whether the bot is in its channels. */
export async function checkSlack(settings: SlackSettings): Promise<readonly CheckUp[]> {
  const subject = 'Slack token';
  const { apiUrl, botToken, appToken, scopes } = settings;
  const [auth, socket] = await Promise.all([
    request(`${apiUrl}auth.test`, { method: 'POST', token: botToken }),
    socketCheck(apiUrl, appToken),
  ]);
  const no = refusal(auth);
  if (no !== undefined || 'noAnswer' in auth)
    return [
      problem(
        subject,
        no ?? 'no answer',
        'Check SLACK_BOT_TOKEN and SLACK_API_URL; the token is under "OAuth & Permissions" of the Slack app.',
      ),
      socket,
    ];
  const { team, user } = reply.parse(auth.body);
  return [
    ok(subject, `${user ?? 'the bot'} in ${team ?? 'the workspace'}`),
    scopeCheck(auth, scopes),
    socket,
    ...(await channelChecks(settings)),
  ];
}
