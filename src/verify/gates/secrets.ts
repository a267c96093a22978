import { isSecretPath, scan } from '../../secrets/index.ts';
import type { Gate } from './gate.ts';

/** No credential in an added line, and no file that holds one by its nature. */
export const secrets: Gate = {
  name: 'secrets',
  async look({ changes }) {
    const findings = [];
    for (const { path, kind, added } of changes) {
      if (kind === 'deleted') continue;
      if (isSecretPath(path)) {
        findings.push({
          severity: 'block' as const,
          path,
          because: `${path} is a file that holds secrets; it must not be part of a change.`,
        });
        continue;
      }
      for (const secret of await scan(added.map(({ text }) => text).join('\n'), { path })) {
        const line = added[secret.line - 1]?.line;
        findings.push({
          severity: secret.severity === 'block' ? ('block' as const) : ('review' as const),
          path,
          ...(line === undefined ? {} : { line }),
          because: `${path}${line === undefined ? '' : `:${line}`} looks like it holds a secret (${secret.rule}${secret.form === 'plain' ? '' : `, ${secret.form}`}). Take it out, and replace it where it was issued.`,
        });
      }
    }
    return findings;
  },
};
