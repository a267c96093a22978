import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** An answer that Jira gives instead of what was asked for. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: ContentfulStatusCode;
  readonly errorMessages: readonly string[];
  readonly errors: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: ContentfulStatusCode,
    says: {
      readonly errorMessages?: readonly string[];
      readonly errors?: Readonly<Record<string, string>>;
      readonly headers?: Readonly<Record<string, string>>;
    },
  ) {
    super(says.errorMessages?.join(' ') ?? JSON.stringify(says.errors));
    this.status = status;
    this.errorMessages = says.errorMessages ?? [];
    this.errors = says.errors ?? {};
    this.headers = says.headers ?? {};
  }
}

export const refused = (...errorMessages: readonly string[]) => new Problem(400, { errorMessages });
export const fieldsRefused = (errors: Readonly<Record<string, string>>) => new Problem(400, { errors });
export const noSuchIssue = () =>
  new Problem(404, { errorMessages: ['Issue does not exist or you do not have permission to see it.'] });
/** What Jira Cloud says since the old search is gone (CHANGE-2046). */
export const removed = () =>
  new Problem(410, {
    errorMessages: [
      'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046',
    ],
  });
export const notAuthenticated = () =>
  new Problem(401, {
    errorMessages: ['Client must be authenticated to access this resource.'],
    headers: {
      'www-authenticate': 'OAuth realm="https%3A%2F%2Fjira"',
      'x-seraph-loginreason': 'AUTHENTICATED_FAILED',
    },
  });
export const captcha = () =>
  new Problem(403, {
    errorMessages: ['CAPTCHA_CHALLENGE'],
    headers: {
      'x-seraph-loginreason': 'AUTHENTICATION_DENIED',
      'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=/login.jsp',
    },
  });
export const rateLimited = (seconds: number) =>
  new Problem(429, {
    errorMessages: ['Rate limit exceeded.'],
    headers: { 'retry-after': String(seconds), 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0' },
  });
