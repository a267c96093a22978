import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

type Operation = {
  readonly responses: Readonly<
    Record<string, { $ref?: string; content?: Record<string, { schema: object }> }>
  >;
};
type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly 'x-webhooks': Readonly<
    Record<string, { post: { requestBody: { content: Record<string, { schema: object }> } } }>
  >;
};

const require = createRequire(import.meta.url);
const description: Description = JSON.parse(
  readFileSync(require.resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8'),
);

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true, discriminator: false });
addFormats.default(ajv);
ajv.addFormat('int64', true);
ajv.addFormat('repo.nwo', true);
ajv.addFormat('uri-template', true);
ajv.addSchema(nullable(description), 'github');

/** OpenAPI 3.0 says `nullable: true` where JSON Schema says that null is one of the types. */
function nullable(value: unknown): object {
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    const entries = Object.entries(one).filter(([key]) => key !== 'examples' && key !== 'discriminator');
    const { nullable: mayBeNull, ...schema } = Object.fromEntries(
      entries.map(([key, child]) => [key, walk(child)]),
    );
    return mayBeNull === true ? { anyOf: [{ type: 'null' }, schema] } : schema;
  };
  return Object(walk(value));
}

const compiled = new Map<string, ValidateFunction>();
function validatorFor(pointer: string): ValidateFunction {
  const known = compiled.get(pointer) ?? ajv.compile({ $ref: `github#${pointer}` });
  compiled.set(pointer, known);
  return known;
}

const escaped = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** The path of GitHub's description that a request goes to, the most literal one when several fit. */
export function templateOf(path: string): string | undefined {
  const parts = path.split('/');
  const fits = Object.keys(description.paths).filter((template) => {
    const wanted = template.split('/');
    return (
      wanted.length === parts.length &&
      wanted.every((part, index) => /^\{/.test(part) || part === parts[index])
    );
  });
  return fits.toSorted((a, b) => (a.match(/\{/g)?.length ?? 0) - (b.match(/\{/g)?.length ?? 0))[0];
}

export type Exchange = {
  readonly method: string;
  /** Without the address of the API and without the query. */
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
};

/** What is wrong with an answer, by GitHub's own description; empty when it is as GitHub's would be. */
export function problemsWith(exchange: Exchange): readonly string[] {
  const { method, path, status, body } = exchange;
  const template = templateOf(path);
  const operation = template && description.paths[template]?.[method.toLowerCase()];
  if (!template || !operation) return [`GitHub has no ${method} ${path}`];
  // It describes neither credentials nor rate limits nor its own failures, which may come from any route.
  const said = operation.responses[status];
  if (!said && ![401, 403, 404, 422].includes(status))
    return [`GitHub never answers ${status} to ${method} ${template}`];
  if (status === 204 || status === 304) return body === '' ? [] : ['There must be no body'];
  const place = `/paths/${escaped(template)}/${method.toLowerCase()}/responses/${status}`;
  const answer = said?.$ref ? said.$ref.slice(1) : place;
  const pointer = said
    ? `${answer}/content/${escaped('application/json')}/schema`
    : `/components/schemas/${status === 422 ? 'validation-error' : 'basic-error'}`;
  return validate(validatorFor(pointer), body);
}

/** What is wrong with the payload of a webhook, for example of `pull-request-opened`. */
export function problemsWithPayload(name: string, payload: unknown): readonly string[] {
  if (!description['x-webhooks'][name]) return [`GitHub has no webhook ${name}`];
  const place = `/x-webhooks/${escaped(name)}/post/requestBody/content/${escaped('application/json')}/schema`;
  return validate(validatorFor(place), payload);
}

function validate(validator: ValidateFunction, value: unknown): readonly string[] {
  if (validator(value)) return [];
  return (validator.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}
