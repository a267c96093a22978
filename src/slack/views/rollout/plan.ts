import type { KnownBlock } from '@slack/types';
import { duration, sentence, share, count as whole } from '../../../domain/rollout/say.ts';
import type { RolloutState } from '../../../domain/rollout/state.ts';
import { buttons, context, type MessageView, section, sectionWhen } from '../parts.ts';
import { code, lines, listed, safe } from '../text.ts';
import type { RolloutViewOptions } from './options.ts';
import { beginButton, recordButton, rollBackButton } from './parts.ts';
import { beginInWords, riseInWords, waitingInWords } from './words.ts';

/** What will be done, how long each stage will need at the present traffic, and what cannot be proved. */
export function rolloutPlanView(state: RolloutState, options: RolloutViewOptions): MessageView {
  const { plan, phase } = state;
  const waits = phase.kind === 'planned' && phase.checkAt === undefined ? phase.waitsFor : undefined;
  const asks = waits
    ? [
        section(`${safe(sentence(waits.because), 1_200)}\n${waitingInWords(state, waits.reason)}`),
        ...buttons([beginButton(state, beginInWords(waits.reason)), rollBackButton(state)]),
      ]
    : [];
  if (!plan) {
    const { text, blocks } = planless(state);
    return { text, blocks: [...blocks, ...asks] };
  }
  const where = listed(plan.environments.slice(0, 6).map((name) => safe(name, 60)));
  const heading = `The plan for ${code(state.flag)} in ${where}`;
  return {
    text: `The plan for ${safe(state.flag, 150)}: ${plan.stages.length} stages, then everybody.${waits ? ' It waits for its owner to begin.' : ''}`,
    blocks: [
      section(`*${heading}*`),
      ...stageTable(state),
      ...sectionWhen('Watched', watched(state)),
      ...sectionWhen('The way back', rehearsed(state)),
      context(
        `A false halt has a chance of at most ${share(plan.alpha)}, an advance with a harm at the tolerance one of at most ${share(plan.beta)}.`,
      ),
      ...asks,
      ...(asks.length > 0 ? [] : buttons(recordButton(state, options))),
    ],
  };
}

/** There is nothing to show of a plan: it is being read, cannot be, or is not wanted any more. */
function planless(state: RolloutState): MessageView {
  const { phase, flag } = state;
  if (phase.kind === 'halted' || phase.kind === 'rolled-back') {
    const ended = `was ${phase.kind === 'halted' ? 'halted' : 'ended'} before it had a plan.`;
    const because = safe(sentence(phase.because), 600);
    return {
      text: `The rollout of ${safe(flag, 150)} ${ended} ${because}`,
      blocks: [section(`The rollout of ${code(flag)} ${ended}\n${because}`)],
    };
  }
  const waits = phase.kind === 'planned' && phase.waitsFor !== undefined && phase.checkAt === undefined;
  const text = waits ? `The rollout of ${safe(flag, 150)} cannot begin.` : 'The plan is being read.';
  return { text, blocks: [section(text)] };
}

/** Stage by stage: what must be ruled out, how long that takes, how many bad events it needs. */
function stageTable({ plan, forecast }: RolloutState): readonly KnownBlock[] {
  const stages = plan?.stages ?? [];
  const table = lines(stages, {
    max: 2_700,
    draw: (stage, room) => {
      const index = stages.indexOf(stage);
      const found = forecast?.stages[index];
      const facts = found
        ? found.minutesToSafe === null
          ? `⚠ ${safe(found.because, room - 30)}`
          : `about ${duration(found.minutesToSafe * 60)}${found.expectedEvents === null ? '' : ` and ${whole(found.expectedEvents)} bad events`} to rule out ${riseInWords(stage.tolerance)}`
        : `rules out ${riseInWords(stage.tolerance)}`;
      return `• *${stage.percent} %*  ${facts}`;
    },
  });
  return [section(`${table}\n• *100 %*  when the last stage is safe`)];
}

function watched({ plan, forecast }: RolloutState): string {
  return lines(plan?.metrics ?? [], {
    max: 2_400,
    draw: ({ name, kind, onHarm }, room) => {
      const traffic = forecast?.traffic[name];
      const now = traffic
        ? ` · ${whole(traffic.perMinute)} a minute, ${share(traffic.badShare)} bad`
        : ' · no traffic seen';
      const then = kind === 'success' || kind === 'signal' ? '' : `, ${harms[onHarm]}`;
      return `• ${safe(name, Math.max(12, room - 90))}: ${kind}${then}${now}`;
    },
  });
}

const harms = {
  off: 'switches off',
  'step-back': 'goes a stage back',
  hold: 'holds',
} as const;

function rehearsed({ rehearsal }: RolloutState): string {
  return lines(rehearsal?.checks ?? [], {
    max: 1_500,
    draw: ({ name, ok, detail }, room) => `${ok ? '✔' : '✖'} ${safe(name, 60)}: ${safe(detail, room - 66)}`,
  });
}
