import { z } from 'zod';
import { advice, type CheckUp, ok, problem, unknown } from './finding.ts';
import { type Answer, type NoAnswer, request } from './request.ts';

type UnleashSettings = {
  readonly url: string;
  readonly token: string;
  readonly clientTokens: Readonly<Record<string, string>>;
  readonly project: string;
  /** Those that slipway.yml ramps in. */
  readonly environments: readonly string[];
};

const whoAnswer = z.looseObject({
  user: z.looseObject({
    username: z.string().nullish(),
    email: z.string().nullish(),
    internalAdminTokenUserId: z.number().optional(),
  }),
  permissions: z.array(
    z.looseObject({
      permission: z.string(),
      project: z.string().optional(),
      environment: z.string().optional(),
    }),
  ),
});
type Permission = z.infer<typeof whoAnswer>['permissions'][number];

/** What a rollout does with a flag that exists; making flags needs CREATE_FEATURE as well. */
const needed = ['UPDATE_FEATURE_ENVIRONMENT', 'UPDATE_FEATURE_STRATEGY', 'CREATE_FEATURE_STRATEGY'];

/** The server, whose token ours is and what it may do, and for each environment the SDK token. */
export async function checkUnleash(settings: UnleashSettings): Promise<readonly CheckUp[]> {
  const { url, token } = settings;
  const who = await request(`${url}/api/admin/user`, { token });
  if ('noAnswer' in who)
    return [problem('Unleash', who.noAnswer, 'Check UNLEASH_URL and that the server runs.')];
  const refusal = tokenRefusal(who);
  const server = await checkServer(settings);
  if (refusal) return [...server, refusal, ...(await checkSdkTokens(settings))];
  const read = whoAnswer.safeParse(who.body);
  if (!read.success)
    return [
      problem(
        'Unleash',
        `${url} answers HTTP ${who.status}, and not as an Unleash server does`,
        'Set UNLEASH_URL to the address of an Unleash server, version 7 or later, without /api.',
      ),
    ];
  const groups = await Promise.all([
    checkToken(settings, read.data),
    checkEnvironments(settings),
    checkSdkTokens(settings),
  ]);
  return [...server, ...groups.flat()];
}

function tokenRefusal({ status }: Answer): CheckUp | undefined {
  const subject = 'Unleash token';
  if (status === 401)
    return problem(
      subject,
      'Unleash does not know it: it has expired or was deleted',
      'Make a new personal access token for the user of Slipway and put it into UNLEASH_TOKEN.',
    );
  if (status === 403)
    return problem(
      subject,
      'it is an SDK token, which may not change flags',
      'Set UNLEASH_TOKEN to a personal access token (user:…); SDK tokens belong into UNLEASH_CLIENT_TOKENS.',
    );
  return undefined;
}

/** The configuration of the admin page says both what runs and whether it takes changes, to every user. */
async function checkServer({ url, token }: UnleashSettings): Promise<readonly CheckUp[]> {
  const subject = 'Unleash';
  const answer = await request(`${url}/api/admin/ui-config`, { token });
  const read = z
    .looseObject({ version: z.string(), maintenanceMode: z.boolean().optional() })
    .safeParse('noAnswer' in answer ? undefined : answer.body);
  if (!read.success) return [unknown(subject, `${url} answers, but does not tell its version.`)];
  const { version, maintenanceMode } = read.data;
  return [
    ok(subject, `version ${version} at ${url}`),
    ...(maintenanceMode === true
      ? [
          problem(
            'Unleash maintenance mode',
            'it is on: no flag can be switched off now, and changes reach no client',
            'End it under "Configure, Maintenance".',
          ),
        ]
      : []),
  ];
}

async function checkToken(
  settings: UnleashSettings,
  { user, permissions }: z.infer<typeof whoAnswer>,
): Promise<readonly CheckUp[]> {
  const subject = 'Unleash token';
  const name = user.username ?? user.email ?? 'a user without a name';
  if (user.internalAdminTokenUserId !== undefined)
    return [
      advice(
        subject,
        `is an admin API token (${name}): changes by other admin tokens will not be told from ours`,
        'Better is a personal access token of a user made for Slipway, with the root role Editor.',
      ),
    ];
  const { project } = settings;
  const lacking = settings.environments.flatMap((environment) => {
    const missing = needed.filter((permission) => !may(permissions, { permission, project, environment }));
    return missing.length === 0 ? [] : [`${missing.join(', ')} in ${environment}`];
  });
  const rights =
    lacking.length > 0
      ? problem(
          subject,
          `acts as ${name}, who lacks ${lacking.join('; ')} (project ${project})`,
          'Give that user the root role Editor, or these rights in the project; docs/unleash.md says why.',
        )
      : ok(
          subject,
          `acts as ${name}, who may change strategies and toggle in ${settings.environments.join(', ')}`,
        );
  return [rights, ...(await checkChangeRequests(settings, permissions))];
}

function may(
  permissions: readonly Permission[],
  wanted: { readonly permission: string; readonly project: string; readonly environment: string },
): boolean {
  return permissions.some(
    ({ permission, project = '*', environment }) =>
      permission === 'ADMIN' ||
      (permission === wanted.permission &&
        (project === '*' || project === wanted.project) &&
        (!environment || environment === wanted.environment)),
  );
}

/** Only Unleash Enterprise has them; elsewhere the path does not exist. */
async function checkChangeRequests(
  settings: UnleashSettings,
  permissions: readonly Permission[],
): Promise<readonly CheckUp[]> {
  const { url, token, project } = settings;
  const answer = await request(
    `${url}/api/admin/projects/${encodeURIComponent(project)}/change-requests/config`,
    { token },
  );
  if ('noAnswer' in answer || answer.status === 404) return [];
  const read = z
    .array(z.looseObject({ environment: z.string(), changeRequestEnabled: z.boolean() }))
    .safeParse(answer.body);
  if (!read.success) return [unknown('Unleash change requests', `Unleash answers HTTP ${answer.status}.`)];
  const blocked = read.data
    .filter(({ changeRequestEnabled }) => changeRequestEnabled)
    .map(({ environment }) => environment)
    .filter((environment) => settings.environments.includes(environment))
    .filter((environment) => !may(permissions, { permission: 'SKIP_CHANGE_REQUEST', project, environment }));
  if (blocked.length === 0) return [];
  return [
    problem(
      'Unleash change requests',
      `they are required in ${blocked.join(', ')}, so that Slipway could not even switch off`,
      'Give the role of the user of UNLEASH_TOKEN the permission SKIP_CHANGE_REQUEST there.',
    ),
  ];
}

async function checkEnvironments({ url, token, environments }: UnleashSettings): Promise<readonly CheckUp[]> {
  const answer = await request(`${url}/api/admin/environments`, { token });
  const read = z
    .looseObject({ environments: z.array(z.looseObject({ name: z.string(), enabled: z.boolean() })) })
    .safeParse('noAnswer' in answer ? undefined : answer.body);
  return environments.map((name) => {
    const subject = `Unleash environment ${name}`;
    if (!read.success) return unknown(subject, 'Unleash did not list its environments.');
    const found = read.data.environments.find((one) => one.name === name);
    if (found?.enabled) return ok(subject, 'exists');
    const names = read.data.environments.filter(({ enabled }) => enabled).map((one) => one.name);
    return problem(
      subject,
      `${found ? 'it is disabled' : 'there is none'}; Unleash has ${names.join(', ')}`,
      'Name one of them in slipway.yml (rollouts: environment), or make it in Unleash.',
    );
  });
}

async function checkSdkTokens(settings: UnleashSettings): Promise<readonly CheckUp[]> {
  const { url, clientTokens, environments } = settings;
  const names = [...new Set([...environments, ...Object.keys(clientTokens)])];
  return Promise.all(
    names.map(async (environment) => {
      const subject = `SDK token of ${environment}`;
      const token = clientTokens[environment];
      if (token === undefined)
        return problem(
          subject,
          'there is none',
          `Add a backend token of ${environment} to UNLEASH_CLIENT_TOKENS.`,
        );
      return sdkToken(subject, await request(`${url}/api/client/features`, { token }));
    }),
  );
}

function sdkToken(subject: string, answer: Answer | NoAnswer): CheckUp {
  if ('noAnswer' in answer) return unknown(subject, answer.noAnswer);
  const remedy =
    'Make one of the type backend (formerly client) in Unleash and put it into UNLEASH_CLIENT_TOKENS.';
  if (answer.status === 200) return ok(subject, 'Unleash shows it the flags');
  if (answer.status === 401) return problem(subject, 'Unleash does not know it', remedy);
  if (answer.status === 403) return problem(subject, 'it is of another type, not one of a backend', remedy);
  return unknown(subject, `Unleash answers HTTP ${answer.status}.`);
}
