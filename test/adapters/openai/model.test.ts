import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createModel, type ModelOptions } from '../../../src/adapters/openai/model.ts';
import { BadAnswer, GiveUp, TryAgain } from '../../../src/errors.ts';
import { events, fails, type Play, piece, says, startEndpoint } from './endpoint.ts';

const colour = z.object({ colour: z.string(), shades: z.array(z.string()) });
const blue = '{"colour":"blue","shades":["navy","sky"]}';
const price = { input: 2, output: 8 };

type Endpoint = Awaited<ReturnType<typeof startEndpoint>>;
const open: Endpoint[] = [];
async function endpoint(...plays: readonly Play[]): Promise<Endpoint> {
  const started = await startEndpoint(...plays);
  open.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

function asking(
  main: { readonly url: string },
  options: {
    readonly second?: { readonly url: string };
    readonly timeoutMs?: ModelOptions['timeoutMs'];
    readonly signal?: AbortSignal;
    readonly schema?: z.ZodType<z.infer<typeof colour>>;
    readonly secrets?: readonly string[];
  } = {},
) {
  const model = createModel({
    endpoints: [
      { name: 'main', baseUrl: main.url, apiKey: 'key-main', keyVariable: 'OPENAI_API_KEY' },
      ...(options.second
        ? [{ name: 'second', baseUrl: options.second.url, apiKey: 'key-2', keyVariable: 'SECOND_KEY' }]
        : []),
    ],
    route: (role, risk) => ({
      model: `${role}-${risk}`,
      endpoint: 'main',
      price,
      ...(options.second
        ? { fallback: { model: 'spare', endpoint: 'second', price: { input: 20, output: 80 } } }
        : {}),
    }),
    ...(options.timeoutMs ? { timeoutMs: options.timeoutMs } : {}),
    secrets: options.secrets ?? [],
    now: () => new Date('2026-11-21T10:00:00Z'),
  });
  return () =>
    model.ask({
      role: 'planner',
      risk: 'low',
      messages: [
        { role: 'system', content: 'You name colours.' },
        { role: 'user', content: 'The sky?' },
      ],
      answer: { name: 'colour', schema: options.schema ?? colour },
      user: 'F-1',
      signal: options.signal ?? new AbortController().signal,
    });
}

async function caught(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => expect.fail(`expected an error, got ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

describe('an answer that fits', () => {
  test('is asked for by schema, streamed, parsed, counted and priced', async () => {
    const main = await endpoint(says(blue));
    const reply = await asking(main)();
    expect(reply).toEqual({
      answer: { colour: 'blue', shades: ['navy', 'sky'] },
      text: blue,
      usage: { model: 'planner-low', inputTokens: 100, outputTokens: 10, dollars: 0.00028 },
    });
    expect(main.keys).toEqual(['Bearer key-main']);
    expect(main.asked[0]).toMatchObject({
      model: 'planner-low',
      stream: true,
      stream_options: { include_usage: true },
      user: 'F-1',
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'colour',
          strict: true,
          schema: { required: ['colour', 'shades'], additionalProperties: false },
        },
      },
    });
  });

  test('is counted by us when the provider does not count', async () => {
    const main = await endpoint(says(blue, { counted: undefined }));
    const { usage } = await asking(main)();
    expect(usage.inputTokens).toBeGreaterThan(8);
    expect(usage.outputTokens).toBeGreaterThan(8);
    expect(usage.dollars).toBeCloseTo((usage.inputTokens * 2 + usage.outputTokens * 8) / 1e6, 12);
  });

  test('may sit in a Markdown fence', async () => {
    const main = await endpoint(says(`\`\`\`json\n${blue}\n\`\`\``));
    expect((await asking(main)()).answer.colour).toBe('blue');
    expect(main.asked).toHaveLength(1);
  });
});

const refuses: Play = (response) => {
  events(response, piece({ refusal: 'I cannot help with that.' }), piece({}, 'stop'), '[DONE]');
  response.end();
};
const unusable: readonly { readonly name: string; readonly play: Play; readonly problem: RegExp }[] = [
  {
    name: 'prose',
    play: says('Sure! The sky is blue.'),
    problem: /it is not JSON: it begins with "Sure! The sky/,
  },
  { name: 'malformed JSON', play: says('{"colour":"blue","shades":["na'), problem: /it is not JSON/ },
  { name: 'nothing', play: says(''), problem: /it is not JSON: it is empty/ },
  {
    name: 'a cut-off answer',
    play: says(blue, { finish: 'length' }),
    problem: /cut off at the length limit/,
  },
  { name: 'a filtered answer', play: says('', { finish: 'content_filter' }), problem: /content filter/ },
  { name: 'a refusal', play: refuses, problem: /it refused: "I cannot help with that\."/ },
  { name: 'another shape', play: says('{"colour":7}'), problem: /it does not fit: colour: .*; shades: / },
];

describe.each(unusable)('$name', ({ play, problem }) => {
  test('is asked again at once with what is wrong, and both tries are paid for', async () => {
    const main = await endpoint(play, says(blue, { counted: [150, 10] }));
    const { answer, usage } = await asking(main)();
    expect(answer.colour).toBe('blue');
    expect(main.asked).toHaveLength(2);
    expect(main.asked[1]?.messages.slice(0, 2)).toEqual(main.asked[0]?.messages);
    expect(main.asked[1]?.messages.at(-1)?.content).toMatch(problem);
    expect(usage.inputTokens).toBeGreaterThan(150);
    expect(usage.outputTokens).toBeGreaterThan(10);
  });

  test('twice is a BadAnswer that says so and what it cost', async () => {
    const main = await endpoint(play);
    const error = await caught(asking(main)());
    if (!(error instanceof BadAnswer)) return expect.fail(String(error));
    expect(error).toBeInstanceOf(GiveUp);
    expect(error.message).toMatch(problem);
    expect(error.message).toMatch(
      /^The model "planner-low" gave the planner no usable answer, twice in the same way: /,
    );
    expect(error.usage.dollars).toBeGreaterThan(0);
    expect(main.asked).toHaveLength(2);
  });
});

test('two different problems are both told', async () => {
  const main = await endpoint(says('Well.'), says('{"colour":"b'));
  expect(String(await caught(asking(main)()))).toMatch(
    /begins with "Well\.".*\. Asked again: it is not JSON/,
  );
});

test('a refinement of the schema is part of what fits', async () => {
  const main = await endpoint(says('{"colour":"beige","shades":[]}'), says(blue));
  const schema = colour.superRefine((value, context) => {
    if (value.colour === 'beige')
      context.addIssue({ code: 'custom', message: 'Beige is not a colour of the sky.' });
  });
  expect((await asking(main, { schema })()).answer.colour).toBe('blue');
  expect(main.asked[1]?.messages.at(-1)?.content).toContain('Beige is not a colour of the sky.');
});

describe('errors by status', () => {
  const rows: readonly {
    readonly name: string;
    readonly play: Play;
    readonly as: typeof GiveUp | typeof TryAgain;
    readonly says: RegExp;
    readonly afterMs?: number;
  }[] = [
    {
      name: '401',
      play: fails(401, { message: 'Incorrect API key provided: key-main' }),
      as: GiveUp,
      says: /^The model endpoint "main" refuses our key for the model "planner-low" \(401\)\. Check OPENAI_API_KEY\.$/,
    },
    { name: '403', play: fails(403, { message: 'no' }), as: GiveUp, says: /\(403\)\. Check OPENAI_API_KEY/ },
    {
      name: '404',
      play: fails(404, { message: 'The model does not exist', code: 'model_not_found' }),
      as: GiveUp,
      says: /does not serve the model "planner-low" \(404: The model does not exist\)\. Check the model's name/,
    },
    {
      name: '400',
      play: fails(400, { message: 'too many tokens', code: 'context_length_exceeded', param: 'messages' }),
      as: GiveUp,
      says: /refuses our request to the model "planner-low" \(400\): too many tokens/,
    },
    {
      name: '429 in seconds',
      play: fails(429, { message: 'slow down' }, { 'retry-after': '7' }),
      as: TryAgain,
      says: /limits how often we may ask the model "planner-low" \(429\)/,
      afterMs: 7000,
    },
    {
      name: '429 in milliseconds',
      play: fails(429, { message: 'slow down' }, { 'retry-after-ms': '350', 'retry-after': '1' }),
      as: TryAgain,
      says: /429/,
      afterMs: 350,
    },
    {
      name: '429 until a date',
      play: fails(429, { message: 'slow down' }, { 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT' }),
      as: TryAgain,
      says: /429/,
      afterMs: 30_000,
    },
    {
      name: '429 without credit',
      play: fails(429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }),
      as: GiveUp,
      says: /no credit left for the key in OPENAI_API_KEY/,
    },
    { name: '500', play: fails(500, { message: 'boom' }), as: TryAgain, says: /in trouble \(500: boom\)/ },
    {
      name: '503 with HTML',
      play: fails(503, '<html>bad gateway</html>', { 'retry-after': '2' }),
      as: TryAgain,
      says: /in trouble \(503/,
      afterMs: 2000,
    },
    {
      name: 'an error inside the stream',
      play: (response) => {
        events(response, piece({ content: '{"col' }), {
          error: { message: 'overloaded', type: 'server_error' },
        });
        response.end();
      },
      as: TryAgain,
      says: /cannot be reached or broke off: overloaded/,
    },
    {
      name: 'a stream that ends in the middle',
      play: (response) => {
        events(response, piece({ content: '{"col' }));
        response.end();
      },
      as: TryAgain,
      says: /closed the connection before its answer was complete/,
    },
    {
      name: 'a connection cut in the middle',
      play: (response) => {
        events(response, piece({ content: '{"col' }));
        setTimeout(() => response.destroy(), 20);
      },
      as: TryAgain,
      says: /The model endpoint "main" broke off its answer: terminated/,
    },
    {
      name: 'garbage in the stream',
      play: (response) => {
        events(response, '{"choices": [');
        response.end();
      },
      as: TryAgain,
      says: /broke off its answer/,
    },
  ];
  test.each(rows)('$name', async (row) => {
    const main = await endpoint(row.play);
    const error = await caught(asking(main)());
    if (!(error instanceof row.as)) return expect.fail(String(error));
    expect(error.message).toMatch(row.says);
    expect(error.message).not.toContain('key-main');
    if (error instanceof TryAgain) expect(error.afterMs).toBe(row.afterMs);
    expect(main.asked).toHaveLength(1);
  });

  test('nobody listening', async () => {
    const gone = await endpoint(says(blue));
    await open.pop()?.close();
    const error = await caught(asking(gone)());
    expect(error).toBeInstanceOf(TryAgain);
    expect(String(error)).toMatch(/"main" cannot be reached or broke off: .*ECONNREFUSED/);
  });
});

describe('silence', () => {
  const patient = { first: 5000, idle: 5000, total: 5000 };
  const rows = [
    {
      name: 'no answer at all',
      play: () => {},
      timeoutMs: { ...patient, first: 60 },
      says: /did not begin to answer within 0\.06 s/,
    },
    {
      name: 'silence in the middle',
      play: (response: Parameters<Play>[0]) => events(response, piece({ content: '{' })),
      timeoutMs: { ...patient, idle: 60 },
      says: /fell silent for 0\.06 s in the middle/,
    },
    {
      name: 'an answer without end',
      play: (response: Parameters<Play>[0]) => {
        const timer = setInterval(() => events(response, piece({ content: ' ' })), 10);
        response.on('close', () => clearInterval(timer));
      },
      timeoutMs: { ...patient, total: 120 },
      says: /did not finish its answer within 0\.12 s/,
    },
  ];
  test.each(rows)(
    '$name ends in TryAgain and closes the connection',
    async ({ play, timeoutMs, says: sentence }) => {
      const main = await endpoint(play);
      const error = await caught(asking(main, { timeoutMs })());
      expect(error).toBeInstanceOf(TryAgain);
      expect(String(error)).toMatch(sentence);
      await vi.waitFor(() => expect(main.closedEarly()).toBe(1));
    },
  );

  test('a slow answer that keeps coming is waited for', async () => {
    const slow: Play = async (response) => {
      for (const letter of blue) {
        events(response, piece({ content: letter }));
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
      events(response, piece({}, 'stop'), '[DONE]');
      response.end();
    };
    const main = await endpoint(slow);
    const reply = await asking(main, { timeoutMs: { ...patient, first: 400, idle: 400 } })();
    expect(reply.answer.colour).toBe('blue');
  });

  test('a caller who stops is obeyed at once, without a fallback', async () => {
    const main = await endpoint((response) => events(response, piece({ content: '{' })));
    const second = await endpoint(says(blue));
    const stop = new AbortController();
    const asked = caught(asking(main, { second, signal: stop.signal })());
    await vi.waitFor(() => expect(main.asked).toHaveLength(1));
    stop.abort(new Error('Raj pressed Stop.'));
    const error = await asked;
    expect(error).toBeInstanceOf(TryAgain);
    expect(String(error)).toContain('The request to the model was stopped.');
    await vi.waitFor(() => expect(main.closedEarly()).toBe(1));
    expect(second.asked).toHaveLength(0);
  });
});

describe('a fallback endpoint', () => {
  test('answers with its own model, key and price when the first is down', async () => {
    const main = await endpoint(fails(502, { message: 'bad gateway' }));
    const second = await endpoint(says(blue));
    const { usage } = await asking(main, { second })();
    expect(usage).toEqual({ model: 'spare', inputTokens: 100, outputTokens: 10, dollars: 0.0028 });
    expect(second.keys).toEqual(['Bearer key-2']);
  });

  test.each([
    { name: 'refused key', play: fails(401, { message: 'no' }) },
    { name: 'rate limit', play: fails(429, { message: 'slow' }) },
  ])('is not asked for a $name', async ({ play }) => {
    const main = await endpoint(play);
    const second = await endpoint(says(blue));
    await caught(asking(main, { second })());
    expect(second.asked).toHaveLength(0);
  });

  test('that is no help either leaves both reasons and the wait of the first', async () => {
    const main = await endpoint(fails(503, { message: 'maintenance' }, { 'retry-after': '9' }));
    const second = await endpoint(fails(401, { message: 'no' }));
    const error = await caught(asking(main, { second })());
    if (!(error instanceof TryAgain)) return expect.fail(String(error));
    expect(error.message).toMatch(/503: maintenance.* Its fallback did not help: .*Check SECOND_KEY/);
    expect(error.afterMs).toBe(9000);
  });
});

describe('an endpoint without structured outputs', () => {
  const noSchemas = fails(400, {
    message: 'unsupported value',
    param: 'response_format',
    code: 'invalid_value',
  });
  const noFormats = fails(400, { message: "Extra fields: 'response_format'", param: null });

  test('gets the schema in the prompt, and is not asked for schemas again', async () => {
    const main = await endpoint(noSchemas, says(blue));
    const ask = asking(main);
    await ask();
    await ask();
    expect(main.asked.map((each) => each.response_format?.type)).toEqual([
      'json_schema',
      'json_object',
      'json_object',
    ]);
    expect(main.asked[1]?.messages.at(-1)?.content).toMatch(/fit this JSON schema:\n\{.*"colour"/s);
  });

  test('that has no JSON mode either is asked in words', async () => {
    const main = await endpoint(noFormats, noFormats, says(blue));
    expect((await asking(main)()).answer.colour).toBe('blue');
    expect(main.asked[2]).not.toHaveProperty('response_format');
  });

  test('that refuses even words is given up', async () => {
    const main = await endpoint(noFormats);
    expect(await caught(asking(main)())).toBeInstanceOf(GiveUp);
    expect(main.asked).toHaveLength(3);
  });
});

test('no secret leaves, not even in what is said about a bad answer', async () => {
  const main = await endpoint(says('{"colour":"beige","shades":[]}'));
  const token = `ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)}`;
  const schema = colour.superRefine((value, context) => {
    if (value.colour === 'beige') {
      context.addIssue({
        code: 'custom',
        message: `Did you mean: const token = '${token}'; and db-pass-4711-long?`,
      });
    }
  });
  const error = await caught(asking(main, { schema, secrets: ['db-pass-4711-long'] })());
  for (const told of [JSON.stringify(main.asked), String(error)]) {
    expect(told).toContain('Did you mean: const token = ');
    expect(told).not.toContain(token);
    expect(told).not.toContain('db-pass-4711-long');
  }
});

test('a route to an endpoint that is not configured says so', async () => {
  const model = createModel({
    endpoints: [{ name: 'main', apiKey: 'k', keyVariable: 'OPENAI_API_KEY' }],
    route: () => ({ model: 'm', endpoint: 'mian', price }),
    now: () => new Date(),
  });
  const asked = model.ask({
    role: 'coder',
    risk: 'high',
    messages: [],
    answer: { name: 'colour', schema: colour },
    user: 'F-1',
    signal: new AbortController().signal,
  });
  await expect(asked).rejects.toThrow(
    'The coder is routed to the model endpoint "mian", which is not configured. Name one of: main.',
  );
});
