import type { Change } from '../changes.ts';
import { type Side, sideOf } from '../test-side.ts';
import type { Gate } from './gate.ts';

const weakening =
  /\b(?:test|it|describe|suite|context|specify)\s*\.\s*(?:skip|only|todo|fails|failing)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe|xcontext)\s*\(|\bskip\s*:\s*(?:true|['"])/;
const assertion = /\b(?:expect|assert|should|t\.(?:is|deepEqual|equal|same|ok|throws))\b/;

/** What judges the change was changed by it: shown to the reviewer, whatever the runs say. */
export const judgesChanged: Gate = {
  name: 'judges changed',
  async look({ changes }) {
    return changes.flatMap((change) => {
      const side = sideOf(change.from ?? change.path);
      const because = side === 'code' ? undefined : sentence(side, change);
      return because === undefined ? [] : [{ severity: 'review' as const, path: change.path, because }];
    });
  },
};

function sentence(side: Exclude<Side, 'code'>, change: Change): string | undefined {
  const { path, kind } = change;
  switch (side) {
    case 'ci':
      return path === '.slipway.yml'
        ? undefined
        : `${path} decides how this repository is built and was ${kind}.`;
    case 'runner':
      return `${path} decides how the checks run and was ${kind}; the checks were also run with the version of the base.`;
    case 'scripts':
      return kind === 'added'
        ? undefined
        : `${path} was ${kind}; the checks were also run with the scripts of the base.`;
    case 'test': {
      if (kind === 'added') return undefined;
      if (kind === 'deleted') return `${path} was deleted; it was run once more as it was on the base.`;
      const added = change.added.filter(({ text }) => weakening.test(text));
      const fewer = count(change.removed) - count(change.added);
      const remarks = [
        ...(path.endsWith('.snap') && change.removed.length > 0 ? ['recorded output was rewritten'] : []),
        ...(added.length > 0
          ? [`tests are switched off at line ${added.map(({ line }) => line).join(', ')}`]
          : []),
        ...(fewer > 0 ? [`it holds ${fewer} assertions less`] : []),
      ];
      if (kind === 'modified' && change.removed.length === 0 && remarks.length === 0) return undefined;
      return `${change.from === undefined ? path : `${change.from} (now ${path})`} is a test that was ${kind}${remarks.length > 0 ? `: ${remarks.join('; ')}` : ''}. It was also run as it was on the base.`;
    }
  }
}

function count(lines: Change['added']): number {
  return lines.filter(({ text }) => assertion.test(text)).length;
}
