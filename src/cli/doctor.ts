import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { bubblewrap } from '../adapters/bubblewrap.ts';
import type { Deployment } from '../config/deployment.ts';
import { fallbackProblems, readDeployment, trackerProblems } from '../config/load.ts';
import { readEnvironment, type Values } from '../config/read-environment.ts';
import { sentenceOf } from '../errors.ts';
import { type CheckUp, ok, problem } from './doctor/finding.ts';
import { checkGitHub } from './doctor/github.ts';
import { checkModels } from './doctor/model.ts';
import { rolloutChecks } from './doctor/rollouts.ts';
import { checkSlack } from './doctor/slack.ts';
import { checkStorage } from './doctor/storage.ts';
import type { Io } from './io.ts';

const usage = 'slipway doctor [--json]';
const manifestShape = z.looseObject({
  oauth_config: z.looseObject({ scopes: z.looseObject({ bot: z.array(z.string()) }) }),
});

/** The scopes the Slack app asks for: the manifest beside the sources. */
function manifestScopes(): readonly string[] {
  const text = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8');
  return manifestShape.parse(parse(text)).oauth_config.scopes.bot;
}

async function checkMachine(): Promise<readonly CheckUp[]> {
  const git = promisify(execFile)('git', ['--version']).then(
    ({ stdout }) => ok('git', stdout.trim().replace(/^git /, '')),
    (error) => problem('git', `cannot be run: ${sentenceOf(error)}`, 'Run: sudo apt-get install -y git'),
  );
  const missing = await bubblewrap().unavailable();
  const sandbox =
    missing === undefined
      ? ok('sandbox', 'bubblewrap isolates')
      : problem('sandbox', missing, 'Without it no generated code is run; docs/operations.md, "Containers".');
  return [await git, sandbox];
}

/** What slipway.yml asks of an endpoint; empty when it could not be read. */
function modelsOf(deployment: Deployment | undefined, which: 'main' | 'fallback'): readonly string[] {
  return Object.values(deployment?.models ?? {}).flatMap((model) =>
    which === 'main' ? [model.name] : model.fallback === undefined ? [] : [model.fallback.name],
  );
}

function repositoriesOf(deployment: Deployment | undefined) {
  const names = new Set(Object.values(deployment?.channels ?? {}).flat());
  return [...names].map((name) => {
    const baseBranch = deployment?.repositories[name]?.baseBranch;
    return { name, ...(baseBranch !== undefined && { baseBranch }) };
  });
}

/** Every connection whose settings are there, also when others are missing. */
function connectionChecks(
  values: Values,
  deployment: Deployment | undefined,
  broken: ReadonlySet<string>,
): readonly Promise<readonly CheckUp[]>[] {
  const whole = (...names: readonly (keyof Values)[]) => names.every((name) => !broken.has(name));
  const checks = [];
  if (values.SLACK_BOT_TOKEN !== undefined && whole('SLACK_BOT_TOKEN', 'SLACK_API_URL'))
    checks.push(
      checkSlack({
        botToken: values.SLACK_BOT_TOKEN,
        ...(values.SLACK_APP_TOKEN !== undefined && { appToken: values.SLACK_APP_TOKEN }),
        apiUrl: (values.SLACK_API_URL ?? '').replace(/\/*$/, '/'),
        scopes: manifestScopes(),
        channels: Object.keys(deployment?.channels ?? {}),
      }),
    );
  if (values.GITHUB_TOKEN !== undefined && whole('GITHUB_API_URL'))
    checks.push(
      checkGitHub({
        token: values.GITHUB_TOKEN,
        apiUrl: (values.GITHUB_API_URL ?? '').replace(/\/+$/, ''),
        repositories: repositoriesOf(deployment),
      }),
    );
  for (const variables of ['OPENAI', 'OPENAI_FALLBACK'] as const) {
    const apiKey = values[`${variables}_API_KEY`];
    const baseUrl = values[`${variables}_BASE_URL`]?.replace(/\/+$/, '');
    const which = variables === 'OPENAI' ? 'main' : 'fallback';
    if (apiKey !== undefined && baseUrl !== undefined && whole(`${variables}_BASE_URL`))
      checks.push(checkModels({ variables, apiKey, baseUrl, models: modelsOf(deployment, which) }));
  }
  return [...checks, ...rolloutChecks(values, deployment, whole)];
}

async function checkEverything(io: Io): Promise<readonly CheckUp[]> {
  const environment = readEnvironment(io.env);
  const { values } = environment;
  const read = readDeployment(values.SLIPWAY_CONFIG ?? 'slipway.yml', (file) =>
    readFileSync(path.resolve(io.cwd, file), 'utf8'),
  );
  const deployment = 'value' in read ? read.value : undefined;
  const problems = [
    ...environment.problems,
    ...('problems' in read
      ? read.problems
      : [...fallbackProblems(values, read.value), ...trackerProblems(values, read.value)]),
  ];
  const broken = new Set(problems.map(({ where }) => where));
  const settings = problems.map(
    ({ where, message }): CheckUp => ({ subject: where, verdict: 'problem', because: message }),
  );
  const storage = checkStorage({
    home: path.resolve(io.cwd, values.SLIPWAY_HOME ?? '.slipway'),
    ...(values.DATABASE_URL !== undefined &&
      !broken.has('DATABASE_URL') && { databaseUrl: values.DATABASE_URL }),
    ...(values.REDIS_URL !== undefined && !broken.has('REDIS_URL') && { redisUrl: values.REDIS_URL }),
  });
  const checks = await Promise.all([
    ...connectionChecks(values, deployment, broken),
    storage,
    checkMachine(),
  ]);
  return [...(settings.length > 0 ? settings : [ok('settings', 'complete')]), ...checks.flat()];
}

const marks = { ok: 'ok     ', problem: 'PROBLEM', unknown: 'unknown' } as const;

/**
 * `slipway doctor`: every setting, token scope and connection, checked. 0: all is well, 1: something must be
 * mended, 2: it could not be checked.
 */
export async function doctorCommand(args: readonly string[], io: Io): Promise<number> {
  let json: boolean;
  try {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
    json = values.json;
  } catch (error) {
    io.err(`${sentenceOf(error)}. Usage: ${usage}`);
    return 2;
  }
  const checks = await checkEverything(io);
  const problems = checks.filter(({ verdict }) => verdict === 'problem').length;
  const verdict =
    problems > 0 ? 'problem' : checks.some((check) => check.verdict === 'unknown') ? 'unknown' : 'ok';
  if (json) io.out(JSON.stringify({ verdict, checks }, null, 2));
  else {
    for (const { subject, verdict, because, remedy } of checks) {
      io.out(`${marks[verdict]}  ${subject}: ${because}`);
      if (remedy !== undefined) io.out(`         ${remedy}`);
    }
    io.out(problems === 0 ? 'No problems.' : `${problems} to mend.`);
  }
  return { ok: 0, problem: 1, unknown: 2 }[verdict];
}
