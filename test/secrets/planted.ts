/**
 * Made secrets, built at run time from pieces so that no file of the repository holds one. A seeded
 * generator keeps a failure repeatable.
 */
export type Kind = { readonly name: string; make(random: Random): string };
export type Random = { text(alphabet: string, length: number): string };

export const lower = 'abcdefghijklmnopqrstuvwxyz';
export const digits = '0123456789';
export const upper = lower.toUpperCase();
export const hex = '0123456789abcdef';
const alnum = lower + upper + digits;
const word = `${alnum}_-`;

export function seeded(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    text: (alphabet, length) =>
      Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)] ?? '').join(''),
  };
}

const of = (...pieces: string[]) => pieces.join('');
const base64Url = (value: string) => Buffer.from(value).toString('base64url');

/** Kinds that are known by their own form. */
export const kinds: readonly Kind[] = [
  { name: 'AWS access key id', make: (r) => of('AK', 'IA', r.text(`${upper}234567`, 16)) },
  { name: 'GitHub personal token', make: (r) => of('gh', 'p_', r.text(alnum, 36)) },
  {
    name: 'GitHub fine-grained token',
    make: (r) => of('github', '_pat_', r.text(alnum, 22), '_', r.text(alnum, 59)),
  },
  { name: 'GitHub app token', make: (r) => of('gh', 's_', r.text(alnum, 36)) },
  { name: 'GitLab personal token', make: (r) => of('gl', 'pat-', r.text(word, 20)) },
  {
    name: 'Slack bot token',
    make: (r) => of('xo', 'xb-', r.text(digits, 12), '-', r.text(digits, 13), '-', r.text(alnum, 24)),
  },
  {
    name: 'Slack app token',
    make: (r) =>
      of('xa', 'pp-1-A', r.text(upper + digits, 10), '-', r.text(digits, 13), '-', r.text(hex, 64)),
  },
  {
    name: 'Slack webhook',
    make: (r) =>
      of(
        'https://hooks.',
        'slack.com/services/T',
        r.text(upper, 8),
        '/B',
        r.text(upper, 10),
        '/',
        r.text(alnum, 24),
      ),
  },
  { name: 'Stripe live key', make: (r) => of('sk', '_live_', r.text(alnum, 24)) },
  { name: 'Stripe webhook secret', make: (r) => of('wh', 'sec_', r.text(alnum, 32)) },
  {
    name: 'OpenAI project key',
    make: (r) => of('sk', '-proj-', r.text(alnum, 74), 'T3Blbk', 'FJ', r.text(alnum, 74)),
  },
  { name: 'Anthropic key', make: (r) => of('sk', '-ant-api03-', r.text(word, 93), 'AA') },
  { name: 'Google API key', make: (r) => of('AI', 'za', r.text(word, 35)) },
  { name: 'Google OAuth secret', make: (r) => of('GOC', 'SPX-', r.text(word, 28)) },
  { name: 'SendGrid key', make: (r) => of('S', 'G.', r.text(word, 22), '.', r.text(word, 43)) },
  { name: 'Twilio key', make: (r) => of('S', 'K', r.text(hex, 32)) },
  { name: 'npm token', make: (r) => of('np', 'm_', r.text(alnum, 36)) },
  { name: 'PyPI token', make: (r) => of('py', 'pi-AgEI', 'cHlwaS5vcmc', r.text(word, 80)) },
  { name: 'Docker token', make: (r) => of('dckr', '_pat_', r.text(alnum, 27)) },
  { name: 'DigitalOcean token', make: (r) => of('dop', '_v1_', r.text(hex, 64)) },
  { name: 'Azure storage key', make: (r) => of('Account', 'Key=', r.text(`${alnum}+/`, 86), '==') },
  { name: 'Shopify token', make: (r) => of('shp', 'at_', r.text(hex, 32)) },
  { name: 'Vault token', make: (r) => of('hv', 's.', r.text(word, 95)) },
  { name: 'Unleash token', make: (r) => of('default:', 'production', '.', r.text(hex, 56)) },
  { name: 'Telegram bot token', make: (r) => of(r.text('123456789', 10), ':A', 'A', r.text(word, 33)) },
  { name: 'Hugging Face token', make: (r) => of('h', 'f_', r.text(lower + upper, 34)) },
  { name: 'Grafana token', make: (r) => of('gl', 'sa_', r.text(alnum, 32), '_', r.text(hex, 8)) },
  {
    name: 'JSON web token',
    make: (r) =>
      of(
        base64Url('{"alg":"HS256","typ":"JWT"}'),
        '.',
        base64Url(`{"sub":"${r.text(alnum, 12)}","iat":1700000000}`),
        '.',
        r.text(word, 43),
      ),
  },
  {
    name: 'PostgreSQL address',
    make: (r) => of('postgres', '://app:', r.text(alnum, 14), '@db.acme.io:5432/shop'),
  },
  {
    name: 'MongoDB address',
    make: (r) => of('mongodb', '+srv://app:', r.text(alnum, 14), '@cluster0.acme.mongodb.net/shop'),
  },
  {
    name: 'web address with a token',
    make: (r) => of('https', '://', r.text(hex, 40), ':x-oauth-', 'basic@git.acme.io/shop.git'),
  },
  {
    name: 'web address with a password',
    make: (r) => of('https', '://deploy:', r.text(alnum, 14), '@git.acme.io/shop.git'),
  },
];

/** Kinds that only their name gives away, with the name. */
export const namedKinds: readonly Kind[] = [
  {
    name: 'AWS secret access key',
    make: (r) => of('aws_secret', '_access_key', '=', r.text(`${alnum}+/`, 39), r.text(alnum, 1)),
  },
  { name: 'Slack signing secret', make: (r) => of('SLACK_SIGNING', '_SECRET', '=', r.text(hex, 32)) },
  { name: 'Datadog key', make: (r) => of('DATADOG', '_API_KEY', '=', r.text(hex, 32)) },
  { name: 'Jira token', make: (r) => of('JIRA', '_API_TOKEN', '=', r.text(alnum, 24)) },
  {
    name: 'password literal',
    make: (r) => of('const pass', 'word', " = '", r.text(`${alnum}!%`, 15), "7a'"),
  },
  { name: 'secret literal', make: (r) => of('client', 'Secret', ': "', r.text(alnum, 31), '4"') },
];
export const privateKey = (r: Random): string =>
  [
    of('-----BEGIN ', 'OPENSSH PRIVATE', ' KEY-----'),
    ...Array.from({ length: 8 }, () => r.text(`${alnum}+/`, 70)),
    of('-----END ', 'OPENSSH PRIVATE', ' KEY-----'),
  ].join('\n');
