// Writes what scripts/reference.ts makes: JSON Schemas, .env.example, the tables of the documentation.
import { readFileSync, writeFileSync } from 'node:fs';
import { referenceFiles, referenceTables, withTable } from './reference.ts';

const at = (path: string) => new URL(`../${path}`, import.meta.url);
for (const [path, text] of Object.entries(referenceFiles())) writeFileSync(at(path), text);
for (const table of referenceTables())
  writeFileSync(at(table.page), withTable(readFileSync(at(table.page), 'utf8'), table));
