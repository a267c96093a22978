/** What the server answered; `body` is undefined where there was none. */
export type Answer = { readonly status: number; readonly body: unknown };
export type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** The HTTP API with one token, without judging the answers. */
export function apiOf(url: () => string, token: string): Ask {
  return async (method, path, body) => {
    const response = await fetch(new URL(path, url()), {
      method,
      headers: { authorization: token, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: response.status, body: parsed(await response.text()) };
  };
}

/** The body of a success, or an error that shows the answer. */
export async function wanted(ask: Ask, ...[method, path, body]: Parameters<Ask>): Promise<unknown> {
  const answer = await ask(method, path, body);
  if (answer.status < 300) return answer.body;
  throw new Error(`${method} ${path} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`);
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
