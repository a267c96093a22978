import type { z } from 'zod';
import { matchRules } from '../secrets/match.ts';
import { nearest } from './nearest.ts';

/** A value as a sentence may show it: short, on one line, and never a secret that someone pasted into the file. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  if (matchRules(text).length > 0) return 'a secret, which is not shown';
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

/** `checks[0].run` for ['checks', 0, 'run']. */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a group of settings',
  record: 'a group of settings',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** What is wrong with one value, as a sentence that follows its name: "must be a number, not "many"". */
export function issueSentence(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return `is missing; it must be ${kinds[issue.expected] ?? issue.expected}`;
      return `must be ${kinds[issue.expected] ?? issue.expected}, not ${shown(value)}`;
    case 'invalid_value': {
      const known = issue.values.map(String);
      if (value === undefined) return `is missing; it must be ${known.join(' or ')}`;
      const meant = typeof value === 'string' ? nearest(value, known) : undefined;
      return `must be ${known.join(', ')}, not ${shown(value)}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
    }
    case 'too_big':
    case 'too_small': {
      const bound = issue.code === 'too_big' ? `at most ${issue.maximum}` : `at least ${issue.minimum}`;
      if (issue.origin === 'string')
        return `must have ${bound} ${bound.endsWith(' 1') ? 'character' : 'characters'}`;
      if (issue.origin === 'array') return `must have ${bound} ${bound.endsWith(' 1') ? 'entry' : 'entries'}`;
      const exclusive =
        issue.code === 'too_small' && issue.inclusive === false ? `above ${issue.minimum}` : bound;
      return `must be ${exclusive}, not ${shown(value)}`;
    }
    case 'invalid_union':
    case 'invalid_format':
    case 'custom':
      return `${issue.message}${value === undefined ? '' : `, not ${shown(value)}`}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    default:
      return issue.message;
  }
}
