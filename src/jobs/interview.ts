import { interviewerPrompt } from '../prompts/interviewer.ts';
import type { FeatureJob, Tools } from './common/job.ts';
import { checkoutOf, gather } from './common/material.ts';
import { think } from './common/think.ts';

/** Looks for the questions that a spec cannot do without. */
export function interview(tools: Tools): FeatureJob {
  return async (context) => {
    const { directory, history } = await checkoutOf(tools, context);
    const material = await gather(tools, context, { directory, history });
    const prompt = interviewerPrompt({
      ...material,
      round: context.state.rounds.length + 1,
      mostQuestions: tools.maxQuestions,
    });
    const { answer, thinking } = await think(tools, context, prompt);
    return {
      type: 'interviewed',
      key: context.job.key,
      questions: prompt.read(answer),
      thinking,
      notes: material.notes,
    };
  };
}
