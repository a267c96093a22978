/** Everything Slipway reads from the environment. `.env.example` and the operations page are held against this list by a test. */

type Variable = {
  readonly what: string;
  /** Never shown, and masked in the log. */
  readonly secret?: true;
  /** Without it Slipway does not start; the text says where to get it. */
  readonly required?: string;
  readonly default?: string;
  readonly example: string;
  readonly form?: { readonly pattern: RegExp; readonly say: string };
};

const port = {
  pattern: /^\d{1,4}$|^[1-5]\d{4}$|^6[0-4]\d{3}$|^65[0-4]\d{2}$|^655[0-2]\d$|^6553[0-5]$/,
  say: 'must be a port, 0 to 65535',
};
const web = { pattern: /^https?:\/\/[^\s/]+/, say: 'must be an http or https address' };

export const variables = {
  SLACK_BOT_TOKEN: {
    what: 'Bot token of the Slack app.',
    secret: true,
    required:
      'Copy it from "OAuth & Permissions" of the Slack app, after installing the app in the workspace',
    example: 'xoxb-…',
    form: { pattern: /^xoxb-/, say: 'must be a bot token, which starts with xoxb-' },
  },
  SLACK_APP_TOKEN: {
    what: 'App-level token with connections:write; with it the bot uses Socket Mode.',
    secret: true,
    example: 'xapp-…',
    form: { pattern: /^xapp-/, say: 'must be an app-level token, which starts with xapp-' },
  },
  SLACK_SIGNING_SECRET: {
    what: 'Signing secret; without SLACK_APP_TOKEN the bot receives over HTTP and checks this signature.',
    secret: true,
    example: '',
  },
  SLACK_PORT: {
    what: 'Port for requests of Slack over HTTP, at /slack/events; not used with Socket Mode.',
    default: '3001',
    example: '3001',
    form: port,
  },
  SLACK_API_URL: {
    what: 'Address of the Slack Web API.',
    default: 'https://slack.com/api/',
    example: 'https://slack.com/api/',
    form: web,
  },
  GITHUB_TOKEN: {
    what: 'Fine-grained token with Contents and Pull requests (read and write) on the repositories.',
    secret: true,
    required: 'Create a fine-grained token at https://github.com/settings/personal-access-tokens/new',
    example: 'github_pat_…',
  },
  GITHUB_API_URL: {
    what: 'Address of the GitHub REST API.',
    default: 'https://api.github.com',
    example: 'https://api.github.com',
    form: web,
  },
  GITHUB_GIT_URL: {
    what: 'Address that repositories are fetched from.',
    default: 'https://github.com',
    example: 'https://github.com',
    form: web,
  },
  OPENAI_API_KEY: {
    what: 'Key of the model endpoint.',
    secret: true,
    required: 'Any OpenAI-compatible endpoint gives one; for a local endpoint without keys any text does',
    example: 'sk-…',
  },
  OPENAI_BASE_URL: {
    what: 'Address of the model endpoint.',
    default: 'https://api.openai.com/v1',
    example: 'https://api.openai.com/v1',
    form: web,
  },
  OPENAI_FALLBACK_API_KEY: {
    what: 'Key of the endpoint that is asked when the first does not answer.',
    secret: true,
    example: '',
  },
  OPENAI_FALLBACK_BASE_URL: { what: 'Address of that endpoint.', example: '', form: web },
  UNLEASH_URL: {
    what: 'Address of the Unleash server; with it Slipway ramps features up.',
    example: 'https://unleash.example.com',
    form: web,
  },
  UNLEASH_TOKEN: {
    what: 'Personal access token of a user of its own (Editor in the projects), so that the audit log names Slipway.',
    secret: true,
    example: 'user:…',
  },
  UNLEASH_CLIENT_TOKENS: {
    what: 'SDK tokens, one for each environment, separated by commas: what users get is checked with them.',
    secret: true,
    example: 'default:staging.…,default:production.…',
    form: {
      pattern: /^[^\s:,]+:[^\s.,]+\.[^\s,]+(\s*,\s*[^\s:,]+:[^\s.,]+\.[^\s,]+)*$/,
      say: 'must be tokens of the form project:environment.secret, separated by commas',
    },
  },
  PROMETHEUS_URL: {
    what: 'Address of the Prometheus that counts what users meet.',
    example: 'https://prometheus.example.com',
    form: web,
  },
  PROMETHEUS_TOKEN: { what: 'Bearer token for it, when it asks for one.', secret: true, example: '' },
  JIRA_URL: {
    what: 'Address of Jira; with it a halt opens an issue in the project that slipway.yml names.',
    example: 'https://example.atlassian.net',
    form: web,
  },
  JIRA_USER: { what: 'Account that issues are opened as.', example: 'slipway@example.com' },
  JIRA_TOKEN: { what: 'API token of that account.', secret: true, example: '' },
  DATABASE_URL: {
    what: 'PostgreSQL 13 or newer. Unset: Slipway starts its own in SLIPWAY_HOME.',
    secret: true,
    example: 'postgres://slipway:…@localhost:5432/slipway',
    form: { pattern: /^postgres(ql)?:\/\//, say: 'must be a postgres:// address' },
  },
  REDIS_URL: {
    what: 'Redis for the job queue, for more than one machine. Unset: the queue is in PostgreSQL.',
    secret: true,
    example: 'redis://localhost:6379',
    form: { pattern: /^rediss?:\/\//, say: 'must be a redis:// or rediss:// address' },
  },
  SLIPWAY_CONFIG: { what: 'Path of slipway.yml.', default: 'slipway.yml', example: 'slipway.yml' },
  SLIPWAY_HOME: {
    what: 'Directory for what Slipway keeps: its own PostgreSQL, caches, work trees.',
    default: '.slipway',
    example: '.slipway',
  },
  HOST: {
    what: 'Address to listen on for pages, health and webhooks.',
    default: '127.0.0.1',
    example: '127.0.0.1',
  },
  PORT: {
    what: 'Port to listen on; 0 takes a free one.',
    default: '3000',
    example: '3000',
    form: port,
  },
  LOG_LEVEL: {
    what: 'debug, info, warn or error.',
    default: 'info',
    example: 'info',
    form: { pattern: /^(debug|info|warn|error)$/, say: 'must be debug, info, warn or error' },
  },
} as const satisfies Record<string, Variable>;
export type VariableName = keyof typeof variables;

/** The same list with one type for all of its entries. */
export const describedVariables: Readonly<Record<VariableName, Variable>> = variables;
export const variableNames = Object.keys(variables).filter((name): name is VariableName => name in variables);
