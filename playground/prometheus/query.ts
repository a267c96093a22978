type Labels = Readonly<Record<string, string>>;
type SeriesStored = {
  readonly labels: Labels;
  readonly samples: [at: number, value: number][];
  /** When it was no longer there: its last value does not last beyond this. */
  endedAt: number | undefined;
};
export type Stored = Map<string, SeriesStored>;
type Answer = { readonly status: number; readonly body: unknown };

const lookbackMs = 300_000;
const matcher = /^\s*([a-zA-Z_]\w*)(=~|!~|!=|=)("(?:[^"\\]|\\.)*")\s*(?:,|$)/;

/** The two kinds of instant query that Slipway makes: a range of raw samples, and how many series there are. */
export function answerTo(stored: Stored, parameters: URLSearchParams): Answer {
  const query = parameters.get('query') ?? '';
  const at = Math.round(Number(parameters.get('time') ?? Date.now() / 1000) * 1000);
  const range = /^\{(.*)\}\[(\d+)ms\]$/s.exec(query);
  const count = /^count\(\{(.*)\}\)$/s.exec(query);
  const fits = matcherOf((range ?? count)?.[1] ?? '');
  if (!fits || Number.isNaN(at)) return refusal(`1:1: parse error: unexpected ${JSON.stringify(query)}`);
  if (fits({}))
    return refusal('1:1: parse error: vector selector must contain at least one non-empty matcher');
  const chosen = [...stored.values()].filter(({ labels }) => fits(labels));
  if (range) {
    const from = at - Number(range[2]);
    const result = chosen.flatMap(({ labels, samples }) => {
      const values = samples.filter(([time]) => time >= from && time <= at);
      return values.length === 0 ? [] : [{ metric: labels, values: values.map(written) }];
    });
    return success('matrix', result);
  }
  const present = chosen.filter(
    ({ samples, endedAt }) =>
      (endedAt ?? at) >= at && samples.some(([time]) => time > at - lookbackMs && time <= at),
  );
  const result = present.length === 0 ? [] : [{ metric: {}, value: written([at, present.length]) }];
  return success('vector', result);
}

function matcherOf(text: string): ((labels: Labels) => boolean) | undefined {
  const tests: ((labels: Labels) => boolean)[] = [];
  let rest = text;
  while (rest !== '') {
    const found = matcher.exec(rest);
    if (!found) return undefined;
    const [whole, label = '', operator = '', quoted = ''] = found;
    tests.push(testOf(label, operator, JSON.parse(quoted)));
    rest = rest.slice(whole.length);
  }
  return tests.length === 0 ? undefined : (labels) => tests.every((test) => test(labels));
}

function testOf(label: string, operator: string, value: string): (labels: Labels) => boolean {
  const pattern = operator.endsWith('~') ? new RegExp(`^(?:${value})$`, 's') : undefined;
  return (labels) => {
    const is = labels[label] ?? '';
    return (pattern ? pattern.test(is) : is === value) !== operator.startsWith('!');
  };
}

function written([at, value]: readonly [number, number]): readonly [number, string] {
  if (Number.isFinite(value) || Number.isNaN(value)) return [at / 1000, String(value)];
  return [at / 1000, value > 0 ? '+Inf' : '-Inf'];
}

function success(resultType: string, result: unknown): Answer {
  return { status: 200, body: { status: 'success', data: { resultType, result } } };
}

function refusal(why: string): Answer {
  const error = `invalid parameter "query": ${why}`;
  return { status: 400, body: { status: 'error', errorType: 'bad_data', error } };
}
