import { z } from 'zod';
import { advice, type CheckUp, ok, problem, unknown } from './finding.ts';
import { type Answer, type NoAnswer, request } from './request.ts';

type PrometheusSettings = { readonly url: string; readonly token?: string };

const mostSecondsApart = 5;
const oldestSupported = 2;
const versionAnswer = z.looseObject({ data: z.looseObject({ version: z.string() }) });
const sample = z.tuple([z.number(), z.string()]);
const scalarAnswer = z.looseObject({ data: z.looseObject({ result: sample }) });
const vectorAnswer = z.looseObject({
  data: z.looseObject({ result: z.array(z.looseObject({ value: sample })) }),
});

/** Whether it answers, keeps our time, and counts anything by flag and cohort. */
export async function checkPrometheus(settings: PrometheusSettings): Promise<readonly CheckUp[]> {
  const { url, token } = settings;
  const subject = 'Prometheus';
  const get = (path: string) => request(`${url}${path}`, { ...(token !== undefined && { token }) });
  const query = (text: string) => get(`/api/v1/query?query=${encodeURIComponent(text)}`);
  const asked = Date.now();
  const clock = await query('time()');
  const heard = Date.now();
  if ('noAnswer' in clock)
    return [problem(subject, clock.noAnswer, 'Check PROMETHEUS_URL and that it runs.')];
  if (clock.status === 401 || clock.status === 403)
    return [problem(subject, `it refuses the token (HTTP ${clock.status})`, 'Check PROMETHEUS_TOKEN.')];
  const now = scalarAnswer.safeParse(clock.body);
  if (!now.success)
    return [
      problem(
        subject,
        `${url} answers HTTP ${clock.status}, and not as Prometheus does`,
        'Set PROMETHEUS_URL to the address before /api/v1.',
      ),
    ];
  const apart = apartSeconds(Number(now.data.data.result[1]) * 1000, asked, heard);
  const groups = await Promise.all([
    get('/api/v1/status/buildinfo').then(version),
    query('count({flag!="",cohort!=""})').then(cohorts),
  ]);
  return [groups[0], clockCheck(apart), groups[1]];
}

/** The answer was made some time between question and arrival. */
function apartSeconds(theirs: number, asked: number, heard: number): number {
  if (theirs < asked) return (asked - theirs) / 1000;
  return theirs > heard ? (theirs - heard) / 1000 : 0;
}

function version(answer: Answer | NoAnswer): CheckUp {
  const subject = 'Prometheus';
  const read = versionAnswer.safeParse('noAnswer' in answer ? undefined : answer.body);
  // Services that speak its API (Mimir, Thanos, VictoriaMetrics) need not tell a version.
  if (!read.success) return ok(subject, 'answers queries; it does not tell its version');
  const text = read.data.data.version;
  if (Number.parseInt(text, 10) < oldestSupported)
    return problem(subject, `version ${text} is too old`, 'Use Prometheus 2 or newer.');
  return ok(subject, `version ${text}`);
}

function clockCheck(apart: number): CheckUp {
  const subject = 'Prometheus clock';
  if (apart <= mostSecondsApart) return ok(subject, 'keeps our time');
  return problem(
    subject,
    `it is ${apart.toFixed(0)} s away from ours, so that ticks would be counted at the wrong time`,
    'Set both machines by NTP.',
  );
}

function cohorts(answer: Answer | NoAnswer): CheckUp {
  const subject = 'Prometheus cohorts';
  const read = vectorAnswer.safeParse('noAnswer' in answer ? undefined : answer.body);
  if (!read.success) return unknown(subject, 'Prometheus did not answer the query for series with cohorts.');
  const series = Number(read.data.data.result[0]?.value[1] ?? 0);
  if (series > 0) return ok(subject, `${series} series carry the labels flag and cohort`);
  return advice(
    subject,
    'no series has the labels flag and cohort yet',
    'Applications need the middleware of docs/metrics.md before a rollout can compare cohorts.',
  );
}
