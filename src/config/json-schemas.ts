import { z } from 'zod';
import { workflow } from '../domain/workflow.ts';
import { deployment } from './deployment.ts';

/** The JSON Schemas for editors, by file name in `schemas/`; `npm run schemas` writes them, a test keeps them current. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  const written = (schema: z.ZodType, title: string) =>
    `${JSON.stringify({ title, ...z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }) }, null, 2)}\n`;
  return {
    'slipway.schema.json': written(deployment, 'slipway.yml'),
    'workflow.schema.json': written(workflow, '.slipway.yml'),
  };
}
