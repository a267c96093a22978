import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox, SandboxJob, SandboxOutcome } from '../../src/ports.ts';

export type Played = {
  /** Test names to outcomes; written as JUnit. Undefined: no report is written. */
  readonly tests?: Readonly<Record<string, 'passed' | 'failed' | 'skipped'>>;
  readonly report?: string;
  readonly outcome?: Partial<SandboxOutcome>;
};

/** A sandbox that runs nothing: it plays what a check would have done, on the real report channel. */
export function playedSandbox(play: (job: SandboxJob, run: number) => Played): Sandbox {
  let runs = 0;
  return {
    unavailable: async () => undefined,
    async run(job) {
      runs += 1;
      const { tests, report, outcome } = play(job, runs);
      const channel = job.mounts.find(({ to }) => to.startsWith('/run/report-'));
      const text = report ?? (tests === undefined ? undefined : junit(tests));
      if (channel && text !== undefined) writeFileSync(join(channel.from, 'report.xml'), text);
      const failed = Object.values(tests ?? {}).includes('failed');
      return {
        ended: 'exited',
        status: failed ? 1 : 0,
        signal: null,
        stdout: '',
        stderr: '',
        truncated: false,
        milliseconds: 1,
        ...outcome,
      };
    },
  };
}

export function junit(tests: Readonly<Record<string, 'passed' | 'failed' | 'skipped'>>): string {
  const cases = Object.entries(tests).map(([name, outcome]) => {
    const inner = { passed: '', failed: '<failure message="no"/>', skipped: '<skipped/>' }[outcome];
    return `<testcase name="${name}" classname="test" file="/job/test/a.test.js">${inner}</testcase>`;
  });
  return `<?xml version="1.0"?><testsuites>${cases.join('')}</testsuites>`;
}
