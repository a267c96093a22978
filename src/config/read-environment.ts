import { describedVariables, type VariableName, variableNames } from './environment.ts';
import { nearest } from './nearest.ts';

/** One thing to mend: `where` is a variable or file:line:column. */
export type ConfigProblem = { readonly where: string; readonly message: string };
export type Environment = Readonly<Record<string, string | undefined>>;
/** What is set or has a default, trimmed. */
export type Values = Partial<Record<VariableName, string>>;

/** An empty variable counts as unset: that is how compose files pass on what is not there. */
function valuesOf(env: Environment): Values {
  return Object.fromEntries(
    variableNames.flatMap((name) => {
      const value = env[name]?.trim() || describedVariables[name].default;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function environmentProblems(env: Environment, values: Values): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (where: VariableName, message: string) => problems.push({ where, message });
  for (const name of variableNames) {
    const { required, form, secret } = describedVariables[name];
    const value = values[name];
    if (value === undefined) {
      const typo = nearest(
        name,
        Object.keys(env).filter((other) => !(other in describedVariables)),
      );
      const hint = typo === undefined ? '' : ` There is a ${typo}: did you mean this?`;
      if (required !== undefined) add(name, `is not set. ${required}.${hint}`);
    } else if (form !== undefined && !form.pattern.test(value))
      add(name, `${form.say}${secret ? ' (its value is not shown)' : `, not "${value}"`}.`);
  }
  if (values.SLACK_APP_TOKEN === undefined && values.SLACK_SIGNING_SECRET === undefined)
    add(
      'SLACK_APP_TOKEN',
      'is not set. Create an app-level token with connections:write under "Basic Information" of the Slack app, or set SLACK_SIGNING_SECRET to receive over HTTP.',
    );
  if ((values.OPENAI_FALLBACK_API_KEY === undefined) !== (values.OPENAI_FALLBACK_BASE_URL === undefined))
    add(
      values.OPENAI_FALLBACK_API_KEY === undefined ? 'OPENAI_FALLBACK_API_KEY' : 'OPENAI_FALLBACK_BASE_URL',
      'is not set, though the other half of the fallback endpoint is. Set both or neither.',
    );
  const together = [
    ['UNLEASH_URL', 'UNLEASH_TOKEN', 'UNLEASH_CLIENT_TOKENS', 'PROMETHEUS_URL'],
    ['JIRA_URL', 'JIRA_USER', 'JIRA_TOKEN'],
  ] as const;
  for (const names of together) {
    const set = names.filter((name) => values[name] !== undefined);
    const unset = names.filter((name) => values[name] === undefined);
    if (set.length === 0) continue;
    for (const name of unset) add(name, `is not set, though ${set[0]} is. Set both or neither.`);
  }
  return problems;
}

/** Reads every variable Slipway knows, with all that is wrong about them. */
export function readEnvironment(env: Environment): {
  readonly values: Values;
  readonly problems: readonly ConfigProblem[];
} {
  const values = valuesOf(env);
  return { values, problems: environmentProblems(env, values) };
}
