import { createHash } from 'node:crypto';
import type { Features } from '../features.ts';

const boundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, Infinity];
const mostRemembered = 1_000_000;

/** Counts what became of requests, by the flags they asked and by what these flags said. */
export function makeMetrics() {
  const series = new Map<string, number>();
  const users = new Set<string>();
  const add = (name: string, labels: string, by = 1) =>
    series.set(`${name}{${labels}}`, (series.get(`${name}{${labels}}`) ?? 0) + by);

  return {
    /** The features as one request sees them, and what to call when it has been answered. */
    watch(features: Features, user: string) {
      const began = performance.now();
      const asked = new Map<string, boolean>();
      const isOn = (flag: string) => {
        const on = features.isOn(flag);
        asked.set(flag, on);
        return on;
      };
      const answered = (route: string, status: number) => {
        const seconds = (performance.now() - began) / 1000;
        for (const [flag, on] of asked) {
          const cohort = `flag="${flag}",cohort="${on ? 'on' : 'off'}"`;
          const known = users.has(`${flag} ${user}`);
          if (!known) add('flag_first_exposure_total', cohort);
          users.add(`${flag} ${user}`);
          const labels = `${cohort},half="${halfOf(user)}",route="${route}"`;
          add('http_requests_total', `${labels},status="${status}"`);
          for (const le of boundaries) {
            const bucket = `${labels},le="${le === Infinity ? '+Inf' : le}"`;
            add('http_request_duration_seconds_bucket', bucket, seconds <= le ? 1 : 0);
          }
        }
        if (users.size > mostRemembered) users.clear();
      };
      return { features: { isOn }, answered };
    },
    /** In the text format of Prometheus. */
    text: () =>
      [...series]
        .map(([name, value]) => `${name} ${value}\n`)
        .toSorted()
        .join(''),
  };
}

/** The same half for a user always, whatever the flags say: halves are compared before anybody is exposed. */
function halfOf(user: string): number {
  return ((createHash('sha256').update(user).digest()[0] ?? 0) % 2) + 1;
}
