/**
 * Values that documentation, tests and templates use where a secret would stand. Firing on them teaches
 * people to ignore the scanner.
 */

const words =
  /example|placeholder|change[-_ ]?me|your[-_ ]|[-_ ]your|dummy|redacted|replace[-_ ]?(?:me|with)|insert[-_ ]|x{4,}|\*{3,}|\.{3}|…|not[-_ ]?(?:a[-_ ]?)?(?:real|secret)|fake[-_]|[-_]fake|sample[-_]|<[^>]*>|\[secret:/i;
const template = /^(?:\$\{?\{?[\w .()[\]'"|:-]*\}?\}?|\{\{.*\}\}|%\w+%|@\w+@|#\{.*\}|<.*>)$/;
const interpolation = /\$\{|\{\{|%\(|<%=|\$\(|\$[A-Z_][A-Z0-9_]{2,}/;
const reference =
  /^(?:process\.env|import\.meta|os\.environ|env|config|settings|secrets|vars|self|this|options)[.[(]/;
const sequences = [
  'abcdefghijkl',
  '0123456789',
  '1234567890',
  '9876543210',
  'deadbeefdeadbeef',
  'qwertyuiop',
];
const commonPasswords = new Set([
  ...[
    'password',
    'passwd',
    'pass',
    'pwd',
    'secret',
    'postgres',
    'root',
    'admin',
    'user',
    'mysql',
    'redis',
    'test',
  ],
  ...[
    'guest',
    'rabbitmq',
    'mongo',
    'docker',
    'token',
    'none',
    'null',
    'undefined',
    'true',
    'false',
    'foo',
    'bar',
  ],
  ...[
    'x-oauth-basic',
    'x-access-token',
    'oauth2',
    'pw',
    'mypassword',
    'testing',
    'letmein',
    'hunter2',
    'p@ssw0rd',
    'passw0rd',
    'password123',
    'test1234',
  ],
]);

/** Is this a stand-in rather than a secret? */
export function isPlaceholder(value: string): boolean {
  if (template.test(value) || interpolation.test(value) || reference.test(value)) return true;
  if (words.test(value)) return true;
  const lower = value.toLowerCase();
  if (sequences.some((sequence) => lower.includes(sequence))) return true;
  if (/^(.)\1*$/.test(value.replace(/^[A-Za-z_]+[-_]/, ''))) return true;
  return /(.)\1{7,}/.test(value) && entropyOf(value) < 3.3;
}

/** Is `password` in `scheme://user:password@host` a stand-in, or for a machine that nobody else can reach? */
export function isHarmlessUrlPassword(url: string, password: string): boolean {
  if (commonPasswords.has(password.toLowerCase()) || isPlaceholder(password)) return true;
  const user = /:\/\/([^:@/]*):/.exec(url)?.[1];
  if (user !== undefined && user === password) return true;
  const host = /@(\[[^\]]*\]|[^:/?#\s"'`]*)/.exec(url)?.[1] ?? '';
  return /^(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\]|(?:.*\.)?(?:example|invalid|test|localhost)(?:\.(?:com|org|net))?)$/i.test(
    host,
  );
}

/** Shannon entropy in bits per character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
