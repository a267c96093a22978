import type { z } from 'zod';

/** A missing field is reported where it should have been: on its parent. */
export function pointerPath(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.message.startsWith('missing required field') && issue.code === 'invalid_type'
    ? issue.path.slice(0, -1)
    : issue.path.filter((step, index, all) => !(index === all.length - 1 && step === 'type'));
}

/** Slack's wording of what is wrong. */
export function slackSentence(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'string'
        ? `must be less than ${Number(issue.maximum) + 1} characters`
        : `no more than ${String(issue.maximum)} items allowed`;
    case 'too_small':
      return issue.origin === 'string'
        ? `must be more than ${Number(issue.minimum) - 1} characters`
        : `no fewer than ${String(issue.minimum)} items allowed`;
    case 'unrecognized_keys':
      return `invalid additional property: ${issue.keys.join(', ')}`;
    case 'invalid_union': {
      const type = isRecord(issue.input) ? issue.input.type : undefined;
      return type === undefined ? 'missing required field: type' : `unsupported type: ${String(type)}`;
    }
    case 'invalid_type':
      return issue.input === undefined
        ? `missing required field: ${String(issue.path?.at(-1) ?? '')}`
        : `must be a ${issue.expected}`;
    case 'invalid_value':
      return `must be a valid enum value`;
    default:
      return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
