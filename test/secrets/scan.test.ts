import { describe, expect, test } from 'vitest';
import { scan } from '../../src/secrets/index.ts';
import { digits, hex, kinds, lower, namedKinds, privateKey, seeded, upper } from './planted.ts';

const each = 10;
const forms = {
  'in a string': (secret: string) => `const a = 1;\nexport const value = '${secret}';\n`,
  'in an environment file': (secret: string) => `PORT=3000\nVALUE=${secret}\nDEBUG=1\n`,
  'in JSON': (secret: string) => `{\n  "a": 1,\n  "value": "${secret}"\n}\n`,
  'in a sentence': (secret: string) => `Please use ${secret} for the staging machine.\n`,
  'after an escaped line end': (secret: string) => `log("first\\n${secret}\\nlast");\n`,
  'in base64': (secret: string) => `const blob = "${Buffer.from(`value=${secret}\n`).toString('base64')}";\n`,
  'in hex': (secret: string) => `blob: ${Buffer.from(secret).toString('hex')}\n`,
  'cut in two': (secret: string) => `const value = '${secret.slice(0, 9)}' +\n  '${secret.slice(9)}';\n`,
  'cut in two in a diff': (secret: string) =>
    `+const value = '${secret.slice(0, 9)}' +\n+  '${secret.slice(9)}';\n`,
  'cut in three and joined': (secret: string) =>
    `const value = ["${secret.slice(0, 3)}", "${secret.slice(3, 11)}", "${secret.slice(11)}"].join('');\n`,
};

describe('finds every kind in every form', () => {
  for (const [form, write] of Object.entries(forms))
    test.each(kinds.map((kind, index) => [kind.name, kind, index] as const))(
      `%s ${form}`,
      async (_, kind, index) => {
        const random = seeded(1000 + index);
        const texts = Array.from({ length: each }, () => write(kind.make(random)));
        const found = await Promise.all(texts.map((text) => scan(text)));
        // Only counts and kinds are compared: a failure must not print the text.
        expect(found.filter((secrets) => secrets.some((secret) => secret.severity === 'block')).length).toBe(
          each,
        );
      },
    );
});

test.each(namedKinds.map((kind, index) => [kind.name, kind, index] as const))(
  'finds a %s by its name',
  async (_, kind, index) => {
    const random = seeded(2000 + index);
    const texts = Array.from({ length: each }, () => `x = 1\n${kind.make(random)}\n`);
    const found = await Promise.all(texts.map((text) => scan(text)));
    expect(found.filter((secrets) => secrets.length === 1).length).toBe(each);
  },
);

test('finds a whole private key, also on one line with escaped line ends', async () => {
  const key = privateKey(seeded(7));
  const found = await scan(`a\n${key}\nb`);
  expect(found.map(({ rule, start, end, line }) => ({ rule, start, length: end - start, line }))).toEqual([
    { rule: 'private-key', start: 2, length: key.length, line: 2 },
  ]);
  const torn = key.slice(0, key.lastIndexOf('\n'));
  expect((await scan(`${torn}\n\nb`)).map(({ start, end }) => end - start)).toEqual([torn.length]);
  const escaped = await scan(JSON.stringify({ key }));
  expect(escaped.map((secret) => secret.rule)).toEqual(['private-key']);
});

const negatives: Readonly<Record<string, string>> = {
  'a GitHub token of x': `GITHUB_TOKEN=ghp_${'x'.repeat(36)}`,
  'a Slack token to fill in': 'SLACK_BOT_TOKEN=xoxb-your-token',
  "AWS's documented example": `AWS_ACCESS_KEY_ID=AKIA${'IOSFODNN7'}EXAMPLE`,
  "AWS's documented example secret": `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/${'bPxRfiCY'}EXAMPLEKEY`,
  'a local database': 'DATABASE_URL=postgres://postgres:postgres@localhost:5432/app',
  'a database at 127.0.0.1': 'redis://default:s3cretpart@127.0.0.1:6379',
  'a password from the environment': 'const password = process.env.DATABASE_PASSWORD ?? "";',
  'a template': `url: https://\${USER}:\${PASSWORD}@registry.acme.io/`,
  'a GitHub Actions secret': `token: \${{ secrets.DEPLOY_TOKEN_2 }}`,
  'a token that only counts': `TOKEN_FOR_CI=ghp_${digits}${lower}`,
  'a longer word that starts like a token': `const name = "ghp_${seeded(3).text(hex, 60)}";`,
  'a word that ends like a token': `const name = "aghp_${seeded(3).text(hex, 36)}";`,
  'a list of AWS policies':
    '"arn:aws:iam::aws:policy/AmazonElasticMapReduceforEC2Role2AndFullAccess", aws: "service-role/AWSLambdaKinesisExecRole123"',
  'a UUID': 'id: "3f2504e0-4f89-41d3-9a0c-0305e82c3301"',
  'a commit id': 'base: 9b2f6c1a7d3e4f5061728394a5b6c7d8e9f00112',
  'an integrity hash': `"integrity": "sha512-${'q8Zb2K'.repeat(14)}q=="`,
  'an image': `src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="`,
  'a public key': `-----BEGIN PUBLIC KEY-----\n${'MFkwEwYHKoZIzj0CAQYI'.repeat(4)}\n-----END PUBLIC KEY-----`,
  'a type and a message':
    "type Props = { password: string; token?: string };\nthrow new Error('password must be 8 characters');",
  'a key that names a thing':
    'localStorage.setItem("access_token_v2", token); const tokenKey = "session-token-v2";',
  'base64 of prose': Buffer.from(
    'The quick brown fox jumps over the lazy dog, twice a day at 10:30.',
  ).toString('base64'),
  'ordinary joined strings':
    "const message = 'the first half of a sentence ' + 'and the second half of it, token included';",
  'a placeholder of ours': 'const key = "[SECRET:github-pat:1]";',
};
test.each(Object.entries(negatives))('does not fire on %s', async (_, text) => {
  expect((await scan(`const before = 1;\n${text}\n`)).map((secret) => secret.rule)).toEqual([]);
});

test('the text that is judged cannot switch the judge off', async () => {
  const address = ['postgres', '://app:Zk4t9QpLw2@db.acme.io/shop'].join('');
  // A kind that only the library knows.
  const id = ['cf', 'ut_', seeded(9).text(upper, 40), seeded(9).text(hex, 8)].join('');
  const found = await scan(
    `/* secretlint-disable */\nconst a = '${address}'; // gitleaks:allow\nconst b = '${id}'; // secretlint-disable-line\n`,
  );
  expect(found.map(({ rule, line }) => ({ rule, line }))).toEqual([
    { rule: 'url-password', line: 2 },
    { rule: 'cloudflare', line: 3 },
  ]);
});

test('long runs of quotes, letters and addresses are read to the end and hold no secret', async () => {
  const hostile = `${'"a" + '.repeat(20_000)}${"'".repeat(20_001)}${'A'.repeat(200_000)}${'://a:'.repeat(20_000)}`;
  expect(await scan(hostile)).toEqual([]);
});
