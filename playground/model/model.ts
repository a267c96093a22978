import { type ChatCompletionRequest, type Fixture, type FixtureResponse, LLMock } from '@copilotkit/aimock';
import { type Cassette, type Fault, type Recorded, readCassette } from './cassette.ts';
import { mentions, readRequest, sameWords } from './request.ts';

export type Played = {
  readonly role: string;
  readonly about: string;
  readonly with: 'answer' | Fault | 'nothing';
};
export type PlaygroundModel = {
  /** What `OPENAI_BASE_URL` must be. */
  readonly url: string;
  /** What was asked and played, in order. */
  readonly journal: () => readonly Played[];
  readonly close: () => Promise<void>;
};

/** How fast an answer comes: milliseconds to the first piece, then pieces of some 12 tokens a second. */
export type Pace = { readonly first: number; readonly perSecond: number } | 'instant';
const lively: Pace = { first: 250, perSecond: 60 };
const pieceLength = 48;
const slowMs = 1500;

/** An OpenAI-compatible server that plays recorded answers, and never makes one up. */
export async function startModel(options: {
  /** Paths of the cassettes. */
  readonly cassettes: readonly string[];
  readonly port?: number;
  readonly pace?: Pace;
}): Promise<PlaygroundModel> {
  const cassettes = await Promise.all(options.cassettes.map(readCassette));
  const journal: Played[] = [];
  const note = (request: ChatCompletionRequest, played: Played['with']) => {
    const { role = 'unknown', about = 'unknown' } = readRequest(request.messages) ?? {};
    journal.push({ role, about, with: played });
  };
  const server = new LLMock({ port: options.port ?? 0, host: '127.0.0.1', chunkSize: pieceLength });
  for (const cassette of cassettes) {
    for (const recorded of cassette.answers) {
      server.addFixture(fixtureOf({ cassette, recorded, pace: options.pace ?? lively, note }));
    }
  }
  server.addFixture({
    match: { endpoint: 'chat', predicate: () => true },
    response: (request) => {
      note(request, 'nothing');
      return nothingRecorded(request);
    },
  });
  await server.start();
  return { url: `${server.url}/v1`, journal: () => [...journal], close: () => server.stop() };
}

function fixtureOf(options: {
  readonly cassette: Cassette;
  readonly recorded: Recorded;
  readonly pace: Pace;
  readonly note: (request: ChatCompletionRequest, played: Played['with']) => void;
}): Fixture {
  const { cassette, recorded, pace, note } = options;
  const due = [...recorded.faults];
  return {
    match: { endpoint: 'chat', predicate: (request) => fits(request, cassette, recorded) },
    response: async (request) => {
      const fault = due.shift();
      note(request, fault ?? 'answer');
      return fault === undefined ? answerOf(request, recorded) : faulty(fault, answerOf(request, recorded));
    },
    ...(pace === 'instant' ? {} : { streamingProfile: { ttft: pace.first, tps: pace.perSecond } }),
  };
}

function fits(request: ChatCompletionRequest, cassette: Cassette, recorded: Recorded): boolean {
  const asked = readRequest(request.messages);
  return (
    asked !== undefined &&
    asked.role === recorded.role &&
    asked.about === recorded.about &&
    sameWords(asked.words, cassette.request) &&
    recorded.heard.every((words) => mentions(asked.heard, words))
  );
}

/** Some four characters make a token. */
function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}

function answerOf(request: ChatCompletionRequest, recorded: Recorded): FixtureResponse & { content: string } {
  const content = JSON.stringify(recorded.answer);
  const usage = {
    prompt_tokens: tokensOf(JSON.stringify(request.messages)),
    completion_tokens: tokensOf(content),
  };
  return { content, usage };
}

async function faulty(fault: Fault, answer: FixtureResponse & { content: string }): Promise<FixtureResponse> {
  const half = answer.content.slice(0, answer.content.length / 2);
  switch (fault) {
    case 'prose':
      return { content: 'Sure! Here is what I would do: first, look at the totals.' };
    case 'malformed':
      return { ...answer, content: half };
    case 'cut-off':
      return { ...answer, content: half, finishReason: 'length' };
    case 'refusal':
      return { content: '', finishReason: 'content_filter' };
    case 'rate-limited':
      return error(429, 'rate_limit_exceeded', 'Rate limit reached. Please try again in 1s.');
    case 'down':
      return error(503, 'service_unavailable', 'The server is overloaded.');
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, slowMs));
      return answer;
  }
}

function nothingRecorded(request: ChatCompletionRequest): FixtureResponse {
  const asked = readRequest(request.messages);
  const what = asked ? `the ${asked.role}'s ${lowerFirst(asked.about)} of this request` : 'this request';
  return error(
    400,
    'no_cassette',
    `No cassette answers ${what}. To use a real model set OPENAI_API_KEY and OPENAI_BASE_URL (for example https://api.openai.com/v1) and start again.`,
  );
}

function error(status: number, code: string, message: string): FixtureResponse {
  const type = status === 400 ? 'invalid_request_error' : 'server_error';
  return { status, error: { message, type, code }, retryAfter: 1 };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
