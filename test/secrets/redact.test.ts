import { expect, test } from 'vitest';
import { createRedactor, isSecretPath, redact } from '../../src/secrets/index.ts';
import { kinds, seeded } from './planted.ts';

const githubToken = (seed: number) =>
  kinds.find((kind) => kind.name === 'GitHub personal token')?.make(seeded(seed)) ?? '';

test('the same value gets the same placeholder, another value another, in one redactor', async () => {
  const [first, second] = [githubToken(1), githubToken(2)];
  const redactor = createRedactor();
  expect((await redactor.redact(`a=${first} b=${second} c=${first}`)).text).toBe(
    'a=[SECRET:github-pat:1] b=[SECRET:github-pat:2] c=[SECRET:github-pat:1]',
  );
  expect((await redactor.redact(`again "${second}"`)).text).toBe('again "[SECRET:github-pat:2]"');
  expect((await redact(second)).text).toBe('[SECRET:github-pat:1]');
});

test('only the password of an address is taken out', async () => {
  const text = ['postgres', '://app:Zk4t9QpLw2@db.acme.io/shop'].join('');
  expect((await redact(text)).text).toBe('postgres://app:[SECRET:url-password:1]@db.acme.io/shop');
});

test('redacting twice changes nothing more', async () => {
  const once = await redact(`key: "${githubToken(3)}"`);
  expect(await redact(once.text)).toEqual({ text: once.text, secrets: [] });
});

const own = 'violet%otter/17+plain';
const spellings: Readonly<Record<string, string>> = {
  plain: own,
  base64: Buffer.from(own).toString('base64'),
  'the middle of a base64 string': Buffer.from(`user:${own}:tail`).toString('base64'),
  'base64 one byte later': Buffer.from(`12${own}tail`).toString('base64'),
  base64url: Buffer.from(own).toString('base64url'),
  hex: Buffer.from(own).toString('hex'),
  'upper case hex': Buffer.from(own).toString('hex').toUpperCase(),
  'URL-encoded': encodeURIComponent(own),
};
test.each(Object.entries(spellings))('a secret of the deployment is known in %s', async (_, spelling) => {
  const { text, secrets } = await createRedactor({ known: [own] }).redact(`sent ${spelling} out`);
  expect(secrets.map((secret) => secret.rule)).toEqual(['own-secret']);
  expect(text).toMatch(/^sent \S{0,10}\[SECRET:own-secret:1\]\S{0,10} out$/);
});

test('a known value too short to tell from a word is left alone', async () => {
  expect((await createRedactor({ known: ['test'] }).redact('run the test')).text).toBe('run the test');
});

test.each([
  ...[
    '.env',
    '.env.production',
    'config/prod.env',
    'certs/site.pem',
    'id_rsa',
    '.ssh/config',
    '.npmrc',
    'a/.aws/x',
  ],
  ...['service-account-prod.json', 'terraform.tfstate', 'secrets.yaml', 'release.jks'],
])('%s is a file for secrets', (path) => {
  expect(isSecretPath(path)).toBe(true);
});
test.each([
  '.env.example',
  'src/env.ts',
  'id_rsa.pub',
  'docs/pem.md',
  'src/secrets/index.ts',
  '.env.sample',
  'src/keys.ts',
])('%s is an ordinary file', (path) => {
  expect(isSecretPath(path)).toBe(false);
});
