import type { z } from 'zod';
import { toleranceFor } from './evidence/evidence.ts';
import { problemOfRule } from './freeze.ts';
import type { RolloutSettings, stageSettings } from './settings.ts';
import type { Plan, Stage } from './state.ts';

/** What a person chose with the command instead of what the file says. */
export type Chosen = { readonly environments?: readonly string[]; readonly stages?: readonly number[] };

/** As it is written, or added where nobody wrote a holdback. */
type Step = z.infer<typeof stageSettings> & { readonly added?: true };
type Problem = { readonly problem: string };

/** The smallest share after which everybody may follow: the rest is the control of the last soak. */
const leastHoldback = 90;
const usualHoldback = 99;
const largestJump = 4;
/** Steps of the usual ladder that are larger, allowed because so few are exposed at their beginning. */
const usualSteps: Readonly<Record<number, number>> = { 0: 1, 1: 5, 5: 25 };

/**
 * The plan that the settings ask for, or what is wrong with it. 100 % is never a stage, since nobody is left to
 * compare with: everybody follows once the last stage, the holdback, is safe. Where the stages have none, 99 % is added.
 */
export function planOf(settings: RolloutSettings, chosen: Chosen = {}): Plan | Problem {
  const steps = stepsOf(settings, chosen.stages);
  if ('problem' in steps) return steps;
  const problem = problemOfSteps(steps, settings) ?? problemOfFreeze(settings);
  if (problem !== undefined) return { problem };
  const { environments, ...rest } = settings;
  return {
    ...rest,
    environments: chosen.environments?.length ? [...new Set(chosen.environments)] : environments,
    stages: steps.map((step) => stageOf(step, settings)),
  };
}

function stageOf(
  { percent, minSoakMinutes, maxSoakMinutes, tolerance }: Step,
  usual: RolloutSettings,
): Stage {
  return {
    percent,
    minSoakMinutes: minSoakMinutes ?? usual.minSoakMinutes,
    maxSoakMinutes: maxSoakMinutes ?? usual.maxSoakMinutes,
    tolerance: tolerance ?? toleranceFor(percent),
  };
}

/** Chosen percentages that the file has too keep their settings. */
function stepsOf(
  settings: RolloutSettings,
  chosen: readonly number[] | undefined,
): readonly Step[] | Problem {
  const listed: readonly Step[] = settings.stages;
  const wrong = chosen?.find((percent) => !Number.isInteger(percent) || percent < 1 || percent > 100);
  if (wrong !== undefined)
    return { problem: `${wrong} % is not a stage: stages are whole percents from 1 to 100.` };
  const steps = chosen?.length
    ? chosen.map((percent) => listed.find((step) => step.percent === percent) ?? { percent })
    : listed;
  return withHoldback(steps);
}

function withHoldback(steps: readonly Step[]): readonly Step[] | Problem {
  const last = steps.at(-1);
  const before = steps.filter(({ percent }) => percent < 100);
  if (
    last?.percent === 100 &&
    [last.minSoakMinutes, last.maxSoakMinutes, last.tolerance].some((value) => value !== undefined)
  )
    return {
      problem: `Stage 100 % has soak times or a tolerance, but nobody is left there to compare with. Put them at a stage of ${usualHoldback} %.`,
    };
  if ((before.at(-1)?.percent ?? 0) >= leastHoldback) return before;
  const why = last?.percent === 100 ? last.jump : undefined;
  return [...before, { percent: usualHoldback, added: true, ...(why !== undefined && { jump: why }) }];
}

/** Nobody wrote the added stage, so a jump to it is explained by what was written. */
function problemOfHoldback(before: number): string {
  const ends =
    before === 0
      ? 'There is no stage below 100 %'
      : `The last stage, ${before} %, is below ${leastHoldback} %`;
  return `${ends}, so a holdback of ${usualHoldback} % is added before everybody: that is more than fourfold. Add stages up to at least ${Math.ceil(usualHoldback / largestJump)} %, or say why at a stage of ${usualHoldback} %: "jump: ...".`;
}

function problemOfSteps(steps: readonly Step[], usual: RolloutSettings): string | undefined {
  let before = 0;
  for (const step of steps) {
    const { percent, jump } = step;
    if (percent <= before)
      return `Stage ${percent} % comes after ${before} %: each stage must be larger than the one before.`;
    const usualStep = usualSteps[before] === percent;
    if (!usualStep && jump === undefined && percent > Math.max(1, before) * largestJump)
      return step.added
        ? problemOfHoldback(before)
        : `From ${before} % to ${percent} % is more than fourfold. Add a stage between them, or say why at the stage: "jump: ...".`;
    const { minSoakMinutes, maxSoakMinutes } = stageOf(step, usual);
    if (minSoakMinutes > maxSoakMinutes)
      return `Stage ${percent} % has a shortest stay of ${minSoakMinutes} minutes and a longest of ${maxSoakMinutes}.`;
    before = percent;
  }
  return undefined;
}

function problemOfFreeze({ freeze }: RolloutSettings): string | undefined {
  for (const { rule, why } of freeze) {
    const problem = problemOfRule(rule);
    if (problem !== undefined)
      return `The freeze window "${why}" has a rule that cannot be read (${rule}): ${problem}.`;
  }
  return undefined;
}
