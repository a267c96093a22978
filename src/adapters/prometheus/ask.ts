import { z } from 'zod';
import { GiveUp, sentenceOf, TryAgain } from '../../errors.ts';
import { NoData, type Series } from './series.ts';

export type Ask = {
  /** The raw samples of a range that ends at `to`; refused when the clocks are further apart than `apart`. */
  range(
    selector: string,
    asked: { readonly from: number; readonly to: number; readonly apart: number },
  ): Promise<readonly Series[]>;
  /** How many series a selector has at a time. */
  count(selector: string, at: number): Promise<number>;
};

const timeoutMs = 5_000;

const sample = z.tuple([z.number(), z.string()]);
const answer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    warnings: z.array(z.string()).optional(),
    data: z.object({
      result: z.array(
        z.object({
          metric: z.record(z.string(), z.string()),
          values: z.array(sample).optional(),
          value: sample.optional(),
        }),
      ),
    }),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

export function makeAsk(options: {
  readonly url: string;
  readonly token: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly now: () => Date;
}): Ask {
  const ask = async (query: string, at: number, apart: number) => {
    const url = new URL(`${options.url.replace(/\/+$/, '')}/api/v1/query`);
    url.searchParams.set('query', query);
    url.searchParams.set('time', (at / 1000).toFixed(3));
    url.searchParams.set('timeout', `${timeoutMs}ms`);
    const sent = options.now().getTime();
    const { response, text } = await fetched(url, options);
    const body = bodyOf(text);
    const problem = problemOf(response, body, query);
    if (problem) throw problem;
    checkClock(response.headers.get('date'), { sent, received: options.now().getTime(), apart });
    if (body?.status !== 'success') throw notPrometheus(options.url, response.status);
    if (body.warnings?.length)
      throw new NoData(
        `Prometheus answered with a warning, so something may be missing: ${body.warnings[0]}`,
      );
    return body.data.result;
  };
  return {
    async range(selector, { from, to, apart }) {
      const result = await ask(`${selector}[${Math.max(1, Math.ceil(to - from))}ms]`, to, apart);
      return result.map(({ metric, values = [] }) => ({
        labels: metric,
        samples: values.map(([at, value]) => [Math.round(at * 1000), numberOf(value)] as const),
      }));
    },
    async count(selector, at) {
      const [first] = await ask(`count(${selector})`, at, Number.POSITIVE_INFINITY);
      return first?.value ? numberOf(first.value[1]) : 0;
    },
  };
}

async function fetched(
  url: URL,
  {
    token,
    headers,
  }: { readonly token: string | undefined; readonly headers: Readonly<Record<string, string>> },
): Promise<{ readonly response: Response; readonly text: string }> {
  try {
    const response = await fetch(url, {
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { response, text: await response.text() };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError')
      throw new TryAgain(`Prometheus at ${url.origin} did not answer within ${timeoutMs / 1000} seconds.`, {
        cause: error,
      });
    const { cause } = error instanceof Error ? error : {};
    throw new TryAgain(`Prometheus at ${url.origin} cannot be reached: ${sentenceOf(cause ?? error)}`, {
      cause: error,
    });
  }
}

function bodyOf(text: string): z.infer<typeof answer> | undefined {
  try {
    return answer.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function problemOf(
  response: Response,
  body: z.infer<typeof answer> | undefined,
  query: string,
): GiveUp | TryAgain | undefined {
  const { status, url } = response;
  const said = body?.status === 'error' ? body.error : `status ${status}`;
  const origin = new URL(url).origin;
  if (status === 401 || status === 403)
    return new GiveUp(`Prometheus at ${origin} refuses us (${status}). Check PROMETHEUS_TOKEN.`);
  if (status === 429) {
    const after = Number(response.headers.get('retry-after') ?? Number.NaN);
    return new TryAgain(
      `Prometheus at ${origin} limits how often we may ask (429).`,
      after > 0 ? { afterMs: after * 1000 } : {},
    );
  }
  if (status === 400 || status === 422)
    return new GiveUp(
      `Prometheus refuses the query \`${query}\`: ${said}. Correct the selector in the rollout settings.`,
    );
  if (status >= 500) return new TryAgain(`Prometheus at ${origin} is in trouble: ${said}.`);
  if (status !== 200) return notPrometheus(origin, status);
  return undefined;
}

function notPrometheus(url: string, status: number): GiveUp {
  return new GiveUp(`${url} does not answer as Prometheus does (status ${status}). Check PROMETHEUS_URL.`);
}

/** The header has whole seconds: theirs is somewhere in that one, ours between sending and receiving. */
function checkClock(
  date: string | null,
  { sent, received, apart }: { readonly sent: number; readonly received: number; readonly apart: number },
): void {
  const theirs = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(theirs)) return;
  const behind = sent - (theirs + 1000);
  const ahead = theirs - received;
  const skew = Math.max(behind, ahead);
  if (skew > apart)
    throw new NoData(
      `Our clock and that of Prometheus are ${Math.round(skew / 1000)} s apart (ours ${timeOf(received)}, theirs ${timeOf(theirs)}). Set them by NTP.`,
    );
}

function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)} UTC`;
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}
