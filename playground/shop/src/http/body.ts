import type { IncomingMessage } from 'node:http';
import { ShopError } from '../errors.ts';

const mostBytes = 10_000;

/** The fields of a JSON object in the body of a request. */
export async function fieldsOf(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > mostBytes) throw new ShopError('invalid', 'That is too much to read.');
  }
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below, as for everything else that is not an object.
  }
  throw new ShopError('invalid', 'The body must be a JSON object.');
}

export function textOf(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new ShopError('invalid', `"${name}" must be a text.`);
}

export function numberOf(fields: Readonly<Record<string, unknown>>, name: string): number {
  const value = fields[name];
  if (typeof value === 'number') return value;
  throw new ShopError('invalid', `"${name}" must be a number.`);
}

export function booleanOf(fields: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = fields[name];
  if (typeof value === 'boolean') return value;
  throw new ShopError('invalid', `"${name}" must be true or false.`);
}
