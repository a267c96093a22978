import picomatch from 'picomatch';
import type { Spec } from '../domain/feature/spec.ts';
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

/** The repository's own word on risk: one high path makes a spec high, and low paths alone make a medium one low. */
export function withRisk(spec: Spec, workflow: Workflow): Spec {
  const matches = (path: string, globs: readonly string[]) =>
    picomatch.isMatch(path, [...globs], { dot: true });
  const high = spec.files.find((path) => matches(path, workflow.risk.high));
  if (high !== undefined && spec.risk.level !== 'high') {
    return { ...spec, risk: { level: 'high', because: `${high} is marked as high risk in .slipway.yml.` } };
  }
  const allLow = spec.files.length > 0 && spec.files.every((path) => matches(path, workflow.risk.low));
  if (allLow && spec.risk.level === 'medium') {
    return {
      ...spec,
      risk: { level: 'low', because: 'All of its files are marked as low risk in .slipway.yml.' },
    };
  }
  return spec;
}
