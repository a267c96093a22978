import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { jsonSchemas } from '../../src/config/json-schemas.ts';

test.each(Object.entries(jsonSchemas()))('schemas/%s is current (else: npm run schemas)', (name, text) => {
  expect(readFileSync(`schemas/${name}`, 'utf8')).toBe(text);
});

test('an editor accepts slipway.example.yml and marks an unknown key', () => {
  const ajv = new Ajv();
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync('schemas/slipway.schema.json', 'utf8')));
  const example: object = parse(readFileSync('slipway.example.yml', 'utf8'));
  expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...example, budgetz: {} })).toBe(false);
});
