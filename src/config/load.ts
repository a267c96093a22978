import path from 'node:path';
import { type Deployment, deployment } from './deployment.ts';
import { describedVariables, type VariableName, variableNames } from './environment.ts';
import { type ConfigProblem, type Environment, readEnvironment, type Values } from './read-environment.ts';
import { parseYaml } from './yaml.ts';

export type Endpoint = { readonly apiKey: string; readonly baseUrl: string };
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Everything a deployment decides, frozen. Made once at start and handed on in parts. */
export type Config = {
  readonly slack: {
    readonly botToken: string;
    /** With it Socket Mode, else HTTP checked with the signing secret. */
    readonly appToken?: string;
    readonly signingSecret?: string;
    /** Where Slack's requests come in without Socket Mode. */
    readonly port: number;
    /** Ends in a slash. */
    readonly apiUrl: string;
  };
  readonly github: { readonly token: string; readonly apiUrl: string; readonly gitUrl: string };
  readonly endpoints: { readonly main: Endpoint; readonly fallback?: Endpoint };
  /** Without it nothing is ramped. */
  readonly rollouts?: {
    readonly unleash: {
      readonly url: string;
      readonly token: string;
      /** SDK tokens by environment. */
      readonly clientTokens: Readonly<Record<string, string>>;
    };
    readonly prometheus: { readonly url: string; readonly token?: string };
  };
  readonly jira?: { readonly url: string; readonly user: string; readonly token: string };
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** Absolute path. */
  readonly home: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly logLevel: LogLevel;
  /** Every secret above, so that the log can mask them wherever they turn up. */
  readonly secrets: readonly string[];
  readonly deployment: Deployment;
};

export type LoadedConfig = { readonly config: Config } | { readonly problems: readonly ConfigProblem[] };

/** The fallback endpoint and the fallback models must be given together. */
export function fallbackProblems(values: Values, { models }: Deployment): readonly ConfigProblem[] {
  const named = Object.values(models).some(({ fallback }) => fallback !== undefined);
  const reachable = values.OPENAI_FALLBACK_BASE_URL !== undefined;
  if (named === reachable) return [];
  const message = named
    ? 'is not set, though slipway.yml names fallback models. Set it, or remove them.'
    : 'is set, though no model of slipway.yml has a fallback. Name one, or unset it.';
  return [{ where: 'OPENAI_FALLBACK_BASE_URL', message }];
}

/** A tracker is an account and a project. */
export function trackerProblems(values: Values, { tracker }: Deployment): readonly ConfigProblem[] {
  if ((values.JIRA_URL === undefined) === (tracker === undefined)) return [];
  const message = tracker
    ? 'is not set, though slipway.yml names a tracker. Set it, or remove the tracker.'
    : 'is set, though slipway.yml names no tracker. Name its project, or unset it.';
  return [{ where: 'JIRA_URL', message }];
}

/** Reads slipway.yml alone. */
export function readDeployment(
  file: string,
  readFile: (path: string) => string,
): { readonly value: Deployment } | { readonly problems: readonly ConfigProblem[] } {
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    const remedy = 'Copy slipway.example.yml to slipway.yml, or set SLIPWAY_CONFIG to where it is';
    return { problems: [{ where: file, message: `could not be read (${because}). ${remedy}.` }] };
  }
  const parsed = parseYaml(deployment, text, file);
  if ('value' in parsed) return parsed;
  return {
    problems: parsed.problems.map(({ line, column, message }) => ({
      where: `${file}:${line}:${column}`,
      message,
    })),
  };
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) freeze(inner);
  return Object.freeze(value);
}

const withSlash = (url: string) => (url.endsWith('/') ? url : `${url}/`);
const withoutSlash = (url: string) => url.replace(/\/+$/, '');
const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** SDK tokens by the environment that stands in their text: `project:environment.secret`. */
export function clientTokens(text: string): Readonly<Record<string, string>> {
  const tokens = text.split(',').map((token) => token.trim());
  return Object.fromEntries(
    tokens.flatMap((token) => {
      const environment = /^[^:]+:([^.]+)\./.exec(token)?.[1];
      return environment === undefined ? [] : [[environment, token]];
    }),
  );
}

function assemble(values: Values, read: Deployment): Config {
  // Only called when nothing required is missing; an empty text could not pass `environmentProblems`.
  const given = (name: VariableName) => values[name] ?? '';
  const secrets = variableNames.flatMap((name) =>
    describedVariables[name].secret ? [values[name] ?? ''] : [],
  );
  return freeze({
    slack: {
      botToken: given('SLACK_BOT_TOKEN'),
      ...(values.SLACK_APP_TOKEN !== undefined && { appToken: values.SLACK_APP_TOKEN }),
      ...(values.SLACK_SIGNING_SECRET !== undefined && { signingSecret: values.SLACK_SIGNING_SECRET }),
      port: Number(given('SLACK_PORT')),
      apiUrl: withSlash(given('SLACK_API_URL')),
    },
    github: {
      token: given('GITHUB_TOKEN'),
      apiUrl: withoutSlash(given('GITHUB_API_URL')),
      gitUrl: withoutSlash(given('GITHUB_GIT_URL')),
    },
    endpoints: {
      main: { apiKey: given('OPENAI_API_KEY'), baseUrl: withoutSlash(given('OPENAI_BASE_URL')) },
      ...(values.OPENAI_FALLBACK_BASE_URL !== undefined && {
        fallback: {
          apiKey: given('OPENAI_FALLBACK_API_KEY'),
          baseUrl: withoutSlash(values.OPENAI_FALLBACK_BASE_URL),
        },
      }),
    },
    ...(values.UNLEASH_URL !== undefined && {
      rollouts: {
        unleash: {
          url: withoutSlash(values.UNLEASH_URL),
          token: given('UNLEASH_TOKEN'),
          clientTokens: clientTokens(given('UNLEASH_CLIENT_TOKENS')),
        },
        prometheus: {
          url: withoutSlash(given('PROMETHEUS_URL')),
          ...(values.PROMETHEUS_TOKEN !== undefined && { token: values.PROMETHEUS_TOKEN }),
        },
      },
    }),
    ...(values.JIRA_URL !== undefined && {
      jira: { url: withoutSlash(values.JIRA_URL), user: given('JIRA_USER'), token: given('JIRA_TOKEN') },
    }),
    ...(values.DATABASE_URL !== undefined && { databaseUrl: values.DATABASE_URL }),
    ...(values.REDIS_URL !== undefined && { redisUrl: values.REDIS_URL }),
    home: path.resolve(given('SLIPWAY_HOME')),
    listen: { host: given('HOST'), port: Number(given('PORT')) },
    logLevel: logLevels.find((level) => level === values.LOG_LEVEL) ?? 'info',
    secrets: secrets.filter((secret) => secret !== ''),
    deployment: read,
  });
}

/** Reads the environment and slipway.yml into one frozen value, or answers every problem of both at once. */
export function loadConfig(env: Environment, readFile: (path: string) => string): LoadedConfig {
  const { values, problems: environmentProblems } = readEnvironment(env);
  const read = readDeployment(values.SLIPWAY_CONFIG ?? 'slipway.yml', readFile);
  const problems = [
    ...environmentProblems,
    ...('problems' in read
      ? read.problems
      : [...fallbackProblems(values, read.value), ...trackerProblems(values, read.value)]),
  ];
  if (problems.length > 0 || 'problems' in read) return { problems };
  return { config: assemble(values, read.value) };
}

/** The problems as the person who starts Slipway reads them. */
export function explain(problems: readonly ConfigProblem[]): string {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return [
    `Slipway cannot start: ${count} in its configuration.`,
    ...problems.map(({ where, message }) => `  ${where}: ${message}`),
  ].join('\n');
}
