import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { referenceFiles, referenceTables, withTable } from '../../scripts/reference.ts';

test.each(Object.entries(referenceFiles()))('%s is current (else: npm run reference)', (file, text) => {
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test.each(referenceTables())('$page has the current table of $name (else: npm run reference)', (table) => {
  const page = readFileSync(table.page, 'utf8');
  expect(withTable(page, table)).toBe(page);
});

test('an editor accepts slipway.example.yml and marks an unknown key', () => {
  const ajv = new Ajv();
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync('schemas/slipway.schema.json', 'utf8')));
  const example: object = parse(readFileSync('slipway.example.yml', 'utf8'));
  expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...example, budgetz: {} })).toBe(false);
});
