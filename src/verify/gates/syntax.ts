import { isScript, parseScript } from '../source.ts';
import { sideOf } from '../test-side.ts';
import { readPlain } from '../tree.ts';
import type { Gate } from './gate.ts';

/** Every touched script can be parsed; files that are meant to be broken are fixtures of tests. */
export const syntax: Gate = {
  name: 'syntax',
  async look({ changes, baseDirectory, headDirectory }) {
    const findings = [];
    for (const change of changes) {
      if (change.kind === 'deleted' || !isScript(change.path)) continue;
      const text = await readPlain(headDirectory, change.path);
      const parsed = text === undefined ? undefined : parseScript(change.path, text);
      if (parsed === undefined || !('message' in parsed)) continue;
      const before = await readPlain(baseDirectory, change.from ?? change.path);
      const wasBroken = before !== undefined && 'message' in parseScript(change.path, before);
      findings.push({
        severity: wasBroken || sideOf(change.path) === 'test' ? ('note' as const) : ('block' as const),
        path: change.path,
        line: parsed.line,
        because: `${change.path} cannot be parsed: ${parsed.message}${wasBroken ? ' (nor could it on the base)' : ''}.`,
      });
    }
    return findings;
  },
};
