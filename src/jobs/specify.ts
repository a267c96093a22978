import picomatch from 'picomatch';
import type { Risk, Spec } from '../domain/feature/spec.ts';
import type { Workflow } from '../domain/workflow.ts';
import { specifierPrompt } from '../prompts/specifier.ts';
import { hashOf } from './common/hash.ts';
import type { FeatureJob, Tools } from './common/job.ts';
import { checkoutOf, gather, repositoryOf } from './common/material.ts';
import { think } from './common/think.ts';

/** Writes the spec or its next version, or the parts of a request that is too large. */
export function specify(tools: Tools): FeatureJob {
  return async (context) => {
    const { state, job } = context;
    const { directory, history } = await checkoutOf(tools, context);
    const material = await gather(tools, context, { directory, history });
    const prompt = specifierPrompt({
      ...material,
      version: state.specs.length + 1,
      earlier: state.specs.map((version) => version.spec),
      keepWhole: state.split?.decision === 'kept',
    });
    const { answer, thinking } = await think(tools, context, prompt);
    const specified = prompt.read(answer);
    const { notes } = material;
    if (specified.kind === 'split') {
      return { type: 'split-proposed', key: job.key, parts: specified.parts, thinking, notes };
    }
    const spec = withRisk(specified.spec, repositoryOf(state).workflow);
    return { type: 'specified', key: job.key, spec, hash: hashOf(spec), thinking, notes };
  };
}

/** The repository's own word on risk: a high path makes the spec high, and nothing makes it low but low paths or the model's own judgement. */
export function withRisk(spec: Spec, workflow: Workflow): Spec {
  const high = spec.files.find((path) => picomatch.isMatch(path, [...workflow.risk.high], { dot: true }));
  if (high === undefined || spec.risk.level === 'high') return spec;
  const level: Risk = 'high';
  return { ...spec, risk: { level, because: `${high} is marked as high risk in .slipway.yml.` } };
}
