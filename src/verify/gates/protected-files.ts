import picomatch from 'picomatch';
import type { Gate } from './gate.ts';

/** Files a change may not touch, under their old name or their new one. */
export const protectedFiles: Gate = {
  name: 'protected',
  async look({ changes, workflow }) {
    const isProtected = picomatch([...workflow.protected, '.slipway.yml'], { dot: true });
    return changes.flatMap(({ path, from, kind }) => {
      const touched = [path, ...(from === undefined ? [] : [from])].find((each) => isProtected(each));
      if (touched === undefined || (touched === '.slipway.yml' && kind === 'added')) return [];
      const own = !picomatch([...workflow.protected], { dot: true })(touched);
      return [
        {
          severity: own ? ('review' as const) : ('block' as const),
          path: touched,
          because: own
            ? '.slipway.yml is changed; the rules of the base were used.'
            : `${touched} is protected and was ${kind}. A person who owns it must make this change.`,
        },
      ];
    });
  },
};
