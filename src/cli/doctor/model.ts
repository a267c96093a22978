import { z } from 'zod';
import { nearest } from '../../config/nearest.ts';
import { type CheckUp, ok, problem, unknown } from './finding.ts';
import { request } from './request.ts';

type EndpointSettings = {
  /** `OPENAI` or `OPENAI_FALLBACK`: how its variables begin. */
  readonly variables: string;
  readonly apiKey: string;
  readonly baseUrl: string;
  /** The model names slipway.yml asks of it. */
  readonly models: readonly string[];
};

const modelList = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });

/** Asks for one token: some endpoints list nothing, or not everything they have. */
async function tryModel({ apiKey, baseUrl }: EndpointSettings, model: string): Promise<number | undefined> {
  const answer = await request(`${baseUrl}/chat/completions`, {
    method: 'POST',
    token: apiKey,
    json: { model, max_completion_tokens: 16, messages: [{ role: 'user', content: 'Answer with: ok' }] },
  });
  return 'noAnswer' in answer ? undefined : answer.status;
}

async function checkModel(
  endpoint: EndpointSettings,
  model: string,
  listed: readonly string[],
): Promise<CheckUp> {
  const subject = `model ${model}`;
  if (listed.includes(model)) return ok(subject, `${endpoint.baseUrl} has it`);
  const status = await tryModel(endpoint, model);
  if (status === 200) return ok(subject, `${endpoint.baseUrl} answers with it`);
  if (status === undefined || status === 429 || status >= 500)
    return unknown(subject, `${endpoint.baseUrl} could not try it now (HTTP ${status ?? 'no answer'}).`);
  const meant = nearest(model, listed);
  const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
  return problem(
    subject,
    `${endpoint.baseUrl} does not know it (HTTP ${status})`,
    `Name a model of this endpoint in slipway.yml.${hint}`,
  );
}

/** The key, and whether the endpoint has every model that slipway.yml asks of it. */
export async function checkModels(endpoint: EndpointSettings): Promise<readonly CheckUp[]> {
  const { variables, apiKey, baseUrl } = endpoint;
  const subject = `${variables === 'OPENAI' ? 'model' : 'fallback'} endpoint`;
  const answer = await request(`${baseUrl}/models`, { token: apiKey });
  if ('noAnswer' in answer)
    return [problem(subject, answer.noAnswer, `Check ${variables}_BASE_URL and that the endpoint runs.`)];
  if (answer.status === 401 || answer.status === 403)
    return [problem(subject, `${baseUrl} refuses the key`, `Check ${variables}_API_KEY.`)];
  const read = modelList.safeParse(answer.body);
  const listed = read.success ? read.data.data.map(({ id }) => id) : [];
  const models = [...new Set(endpoint.models)];
  const checks = await Promise.all(models.map((model) => checkModel(endpoint, model, listed)));
  return [ok(subject, read.success ? `lists ${listed.length} models` : 'answers'), ...checks];
}
