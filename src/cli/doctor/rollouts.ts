import type { Deployment } from '../../config/deployment.ts';
import { clientTokens } from '../../config/load.ts';
import type { Values } from '../../config/read-environment.ts';
import { type CheckUp, ok } from './finding.ts';
import { checkJira } from './jira.ts';
import { checkOnCall } from './on-call.ts';
import { checkPrometheus } from './prometheus.ts';
import { checkUnleash } from './unleash.ts';

type Whole = (...names: readonly (keyof Values)[]) => boolean;

/** The services that rollouts need, those whose settings are there. */
export function rolloutChecks(
  values: Values,
  deployment: Deployment | undefined,
  whole: Whole,
): readonly Promise<readonly CheckUp[]>[] {
  return [
    ...flagChecks(values, deployment, whole),
    ...jiraChecks(values, deployment, whole),
    ...onCallChecks(values, deployment, whole),
  ];
}

const withoutSlash = (url: string) => url.replace(/\/+$/, '');

function flagChecks(values: Values, deployment: Deployment | undefined, whole: Whole) {
  const checks: Promise<readonly CheckUp[]>[] = [];
  const { UNLEASH_URL, UNLEASH_TOKEN, UNLEASH_CLIENT_TOKENS = '', PROMETHEUS_URL, PROMETHEUS_TOKEN } = values;
  if (UNLEASH_URL === undefined && UNLEASH_TOKEN === undefined && PROMETHEUS_URL === undefined)
    return [Promise.resolve([ok('rollouts', 'not configured (UNLEASH_URL)')])];
  if (UNLEASH_URL !== undefined && UNLEASH_TOKEN !== undefined && whole('UNLEASH_URL'))
    checks.push(
      checkUnleash({
        url: withoutSlash(UNLEASH_URL).replace(/\/api$/, ''),
        token: UNLEASH_TOKEN,
        clientTokens: whole('UNLEASH_CLIENT_TOKENS') ? clientTokens(UNLEASH_CLIENT_TOKENS) : {},
        project: deployment?.rollouts.usual?.project ?? 'default',
        environments: environmentsOf(deployment),
      }),
    );
  if (PROMETHEUS_URL !== undefined && whole('PROMETHEUS_URL'))
    checks.push(
      checkPrometheus({
        url: withoutSlash(PROMETHEUS_URL),
        ...(PROMETHEUS_TOKEN !== undefined && { token: PROMETHEUS_TOKEN }),
      }),
    );
  return checks;
}

/** Where users are, and where the usual rollout goes before that. */
function environmentsOf(deployment: Deployment | undefined): readonly string[] {
  const { environment = 'production', usual } = deployment?.rollouts ?? {};
  return [...new Set([environment, ...(usual?.environments ?? [])])];
}

function jiraChecks(values: Values, deployment: Deployment | undefined, whole: Whole) {
  const { JIRA_URL, JIRA_USER, JIRA_TOKEN } = values;
  if (JIRA_URL === undefined || JIRA_USER === undefined || JIRA_TOKEN === undefined || !whole('JIRA_URL'))
    return [];
  const tracker = deployment?.tracker;
  const account = { url: withoutSlash(JIRA_URL), user: JIRA_USER, token: JIRA_TOKEN };
  return [checkJira({ ...account, ...(tracker && { tracker }) })];
}

function onCallChecks(values: Values, deployment: Deployment | undefined, whole: Whole) {
  const { SLACK_BOT_TOKEN, SLACK_API_URL } = values;
  if (!deployment?.onCall || SLACK_BOT_TOKEN === undefined || !whole('SLACK_BOT_TOKEN', 'SLACK_API_URL'))
    return [];
  return [
    checkOnCall({
      botToken: SLACK_BOT_TOKEN,
      apiUrl: `${withoutSlash(SLACK_API_URL ?? '')}/`,
      onCall: deployment.onCall,
      now: new Date(),
    }),
  ];
}
