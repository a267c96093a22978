import type { Risk } from '../domain/feature/spec.ts';
import type { Role } from '../ports.ts';
import type { Config } from './load.ts';

/** The endpoints and routes of the models, as the model door wants them. */
export const modelRoutes = {
  endpoints({ endpoints }: Pick<Config, 'endpoints'>) {
    const { main, fallback } = endpoints;
    return [
      { name: 'main', ...main, keyVariable: 'OPENAI_API_KEY' },
      ...(fallback ? [{ name: 'fallback', ...fallback, keyVariable: 'OPENAI_FALLBACK_API_KEY' }] : []),
    ];
  },
  route({ deployment }: Pick<Config, 'deployment'>, role: Role, risk: Risk) {
    const { fallback, ...model } = deployment.models[deployment.routes[role][risk]];
    return { ...choice(model, 'main'), ...(fallback && { fallback: choice(fallback, 'fallback') }) };
  },
};

function choice(
  model: { readonly name: string; readonly inputPerMillion: number; readonly outputPerMillion: number },
  endpoint: string,
) {
  return {
    model: model.name,
    endpoint,
    price: { input: model.inputPerMillion, output: model.outputPerMillion },
  };
}
