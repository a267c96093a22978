import type { ContentfulStatusCode } from 'hono/utils/http-status';

export type FieldProblem = {
  readonly resource: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'custom';
  readonly field?: string;
  readonly message?: string;
};

/** An answer that GitHub gives instead of what was asked for. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: ContentfulStatusCode;
  readonly errors: readonly (FieldProblem | string)[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: ContentfulStatusCode,
    message: string,
    extra: { errors?: readonly (FieldProblem | string)[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = extra.errors;
    this.headers = extra.headers ?? {};
  }
}

const documentation = 'https://docs.github.com/rest';

export function bodyOf(problem: Problem): Record<string, unknown> {
  return {
    message: problem.message,
    ...(problem.errors && { errors: problem.errors }),
    documentation_url: documentation,
    status: String(problem.status),
  };
}

export const notFound = () => new Problem(404, 'Not Found');
export const badCredentials = () => new Problem(401, 'Bad credentials');
export const invalid = (...errors: readonly FieldProblem[]) =>
  new Problem(422, 'Validation Failed', { errors });
/** How the routes for reviews refuse: words instead of fields. */
export const unprocessable = (message: string) =>
  new Problem(422, 'Unprocessable Entity', { errors: [message] });
export const secondaryRateLimit = (seconds: number) =>
  new Problem(
    403,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    {
      headers: { 'retry-after': String(seconds) },
    },
  );
