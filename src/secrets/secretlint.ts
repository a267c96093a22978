import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { Span } from './match.ts';
import { isHarmlessUrlPassword, isPlaceholder } from './placeholder.ts';

const preset = '@secretlint/secretlint-rule-preset-recommend';

/** What secretlint's recommended preset finds, less the stand-ins and local addresses it fires on. */
export async function matchSecretlint(text: string, path: string | undefined): Promise<readonly Span[]> {
  const name = path ?? 'text.txt';
  const result = await lintSource({
    // Its comment `secretlint-disable` would let the text that is judged switch the judge off.
    source: {
      filePath: name,
      content: text.replaceAll(/secretlint-/gi, 'secretlint_'),
      contentType: 'text',
      ext: /\.[^./]*$/.exec(name)?.[0] ?? '',
    },
    options: { config: { rules: [{ id: preset, rule: creator }] }, noPhysicFilePath: true },
  });
  return result.messages.flatMap((message): Span[] => {
    const start = message.range[0];
    const value = text.slice(start, message.range[1]).replace(/["'`;,)\]}\s]+$/, '');
    const password = /:\/\/[^:/@\s]*:([^@\s]+)@/.exec(value)?.[1];
    if (password === undefined ? isPlaceholder(value) : isHarmlessUrlPassword(value, password)) return [];
    const rule = message.ruleId.replace(/^.*secretlint-rule-/, '');
    return value.length === 0 ? [] : [{ rule, start, end: start + value.length }];
  });
}
