import type { Plan } from '../../src/domain/feature/plan.ts';
import type { Spec } from '../../src/domain/feature/spec.ts';
import type { Note } from '../../src/domain/feature/state.ts';
import { workflow } from '../../src/domain/workflow.ts';
import type { Repository, Said } from '../../src/prompts/material.ts';

export const marker = '7f3a9c';

export const raj = { id: 'U1', name: 'Raj' };
export const mia = { id: 'U2', name: 'Mia' };

export function note(over: Partial<Note>): Note {
  return { ts: '1.1', by: raj, text: 'Please.', standing: 'counts', read: false, ...over };
}

export const said: Said = {
  request: { by: raj, words: 'Free shipping over $50', channel: 'C1', at: '2026-11-21T10:00:00Z' },
  rounds: [],
  notes: [],
};

export const repository: Repository = {
  name: 'acme/shop',
  workflow: workflow.parse({
    version: 1,
    owner: '@maria',
    checks: [
      { name: 'types', run: 'npx tsc --noEmit' },
      { name: 'test', run: 'npx vitest run' },
    ],
    protected: ['package.json', '.github/**'],
    risk: { high: ['src/payments/**'] },
  }),
  dependencies: [{ name: 'vitest', version: '5.1.1' }],
  isProtected: (path) => path === 'package.json' || path.startsWith('.github/'),
};

export const spec: Spec = {
  title: 'Free shipping over $50',
  goal: 'Shoppers with a large cart pay no shipping. Carts grow.',
  inputs: ['subtotal in cents'],
  outputs: ['shipping in cents'],
  criteria: [
    { id: 'AC-1', text: 'A cart of more than $50.00 ships for $0.00.' },
    { id: 'AC-2', text: 'A cart of exactly $50.00 ships for $0.00.' },
  ],
  constraints: ['Carts below $50.00 pay what they pay today.'],
  outOfScope: ['Other currencies'],
  patterns: ['src/tax.ts: a pure function of the cart'],
  risk: { level: 'low', because: 'Only the shipping line of the cart changes.' },
  flag: 'free-shipping',
  files: ['src/shipping.ts'],
  validation: ['npx tsc --noEmit', 'npx vitest run'],
  estimate: { dollars: 0.4, minutes: 6 },
};

export const plan: Plan = {
  summary: 'One function decides.',
  tasks: [
    {
      id: 'T-1',
      title: 'Decide who ships for free',
      files: ['src/shipping.ts'],
      signatures: ['shippingOf(subtotal: number): number'],
      criteria: ['AC-1', 'AC-2'],
    },
  ],
};

export const shippingFile = `export function shippingOf(subtotal: number): number {
  return subtotal === 0 ? 0 : 499;
}
`;

export function read(path: string): string | undefined {
  if (path === 'src/shipping.ts') return shippingFile;
  if (path === 'test/cart.test.ts') return "test('adds up', () => {});\n";
  return path === 'package.json' ? '{}\n' : undefined;
}

/** The sentences a prompt's schema has for an answer; none when it fits. */
export function problems(
  prompt: { answer: { schema: import('zod').ZodType } },
  answer: unknown,
): readonly string[] {
  const parsed = prompt.answer.schema.safeParse(answer);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.message);
}

export function userOf(prompt: { messages: readonly { role: string; content: string }[] }): string {
  return prompt.messages.find(({ role }) => role === 'user')?.content ?? '';
}

/** The repository has one symbolic link. */
export const isLink = (path: string) => path === 'test/linked';
