import type { Button } from '@slack/types';
import { secondsToStay } from '../../../domain/rollout/course.ts';
import { later, nextTickAt } from '../../../domain/rollout/pending.ts';
import { duration, sentence } from '../../../domain/rollout/say.ts';
import { isOver, type RolloutState, stageNow } from '../../../domain/rollout/state.ts';
import { asksPerson } from '../../../domain/rollout/waiting.ts';
import { buttons, context, header, type MessageView, section, sectionWhen } from '../parts.ts';
import { code, moment, safe } from '../text.ts';
import { metricLines, sampleOf } from './metrics.ts';
import type { RolloutViewOptions } from './options.ts';
import {
  advanceButton,
  beginButton,
  haltButton,
  holdButton,
  recordButton,
  resumeAfterHalt,
  resumeButton,
  rollBackButton,
} from './parts.ts';
import {
  beginInWords,
  environmentsOf,
  ladderOf,
  ownerOf,
  rolloutPhaseInWords,
  rolloutSymbol,
  rolloutTitleOf,
  waitingInWords,
} from './words.ts';

/** The one message that always says where the rollout stands. */
export function rolloutCardView(state: RolloutState, options: RolloutViewOptions): MessageView {
  return {
    text: `Rollout of ${safe(rolloutTitleOf(state), 150)}: ${rolloutPhaseInWords(state)}.`,
    blocks: [
      header(rolloutTitleOf(state)),
      section(
        [
          `*${rolloutSymbol(state)} ${rolloutPhaseInWords(state)}*`,
          `${code(state.flag)}${environmentsOf(state) && ` · ${environmentsOf(state)}`}`,
          ladderOf(state),
          stayOf(state),
        ]
          .filter(Boolean)
          .join('\n'),
      ),
      ...sectionWhen(`Measured${sampleInWords(state)}`, isWatched(state) ? metricLines(state, 2_600) : ''),
      section(nextOf(state)),
      context(footer(state)),
      ...buttons(cardButtons(state, options)),
    ],
  };
}

function isWatched({ phase, evidence }: RolloutState): boolean {
  return Object.keys(evidence).length > 0 && phase.kind !== 'finished';
}

function sampleInWords(state: RolloutState): string {
  const sample = sampleOf(state);
  return sample === undefined ? '' : `: ${sample}`;
}

/** How long it has been where it is. */
function stayOf(state: RolloutState): string {
  const run = state.stages.at(-1);
  if (!run || run.to !== undefined || isOver(state.phase)) return '';
  const { soakFrom, lastTickAt } = state;
  const counted =
    soakFrom !== undefined && lastTickAt !== undefined && lastTickAt > soakFrom
      ? `, counted for ${duration((Date.parse(lastTickAt) - Date.parse(soakFrom)) / 1000)}`
      : '';
  return `Since ${moment(run.from, state.updatedAt)}${counted}`;
}

/** What happens next and when, or what is missing. */
export function nextOf(state: RolloutState): string {
  const { phase } = state;
  switch (phase.kind) {
    case 'new':
      return 'Nothing has happened yet.';
    case 'planned':
      if (!phase.waitsFor)
        return 'Next: the plan is read and the way back is tried, before anybody is exposed.';
      return [
        safe(sentence(phase.waitsFor.because), 900),
        phase.checkAt === undefined
          ? waitingInWords(state, phase.waitsFor.reason)
          : `Looked at again ${moment(phase.checkAt, state.updatedAt)}.`,
      ].join('\n');
    case 'rehearsing':
      return 'Next: the flag is switched on at 0 %, and off again, to prove that it can be stopped.';
    case 'ramping':
      return [verdictOf(state), whenNext(state)].filter(Boolean).join('\n');
    case 'holding':
      return [
        safe(sentence(phase.because), 900),
        asksPerson(phase.reason)
          ? `Waiting for ${ownerOf(state)} to decide. Watching goes on.`
          : 'It goes on by itself when that is over. Watching goes on.',
      ].join('\n');
    case 'halted':
      return `${safe(sentence(phase.because), 900)}\nWaiting for ${ownerOf(state)}: a fix, or the way on.`;
    case 'rolled-back':
      return safe(sentence(phase.because), 900);
    case 'finished':
      return 'Everybody has it. The flag can be removed from the code.';
  }
}

/** What is missing. That all is proved is said with each metric already. */
function verdictOf({ verdict }: RolloutState): string {
  return verdict && verdict.name !== 'safe' ? safe(sentence(verdict.because), 900) : '';
}

/** "Next: 25 % as soon as all is proved, not before 14:40". */
export function whenNext(state: RolloutState): string {
  const stage = stageNow(state);
  const next = nextPercent(state);
  if (!stage || next === undefined) return '';
  if (state.soakFrom === undefined) return `Now: the flag is set to ${state.wanted.percent} %.`;
  const when = (at: string) => moment(at, state.updatedAt);
  const earliest = later(state.soakFrom, stage.minSoakMinutes * 60);
  const latest = later(state.soakFrom, stage.maxSoakMinutes * 60);
  const forecast = state.forecast?.stages[state.stage]?.minutesToSafe;
  const about =
    typeof forecast === 'number' && forecast > stage.minSoakMinutes
      ? ` (forecast: ${when(later(state.soakFrom, forecast * 60))})`
      : '';
  const tick = nextTickAt(state);
  if (state.verdict?.name === 'safe')
    return `Next: ${next} % at ${when(earliest)} or at the first look after it, while all stays proved.`;
  return [
    `Next: ${next} % when every guardrail is proved, not before ${when(earliest)}${about}.`,
    `Without proof by ${when(latest)} a person is asked.${tick === undefined ? '' : ` Next look ${when(tick)}.`}`,
  ].join(' ');
}

/** The share that comes after the present one; undefined when everybody has it. */
export function nextPercent(state: RolloutState): number | undefined {
  if (!state.plan || state.wanted.percent >= 100) return undefined;
  return state.plan.stages[state.stage + 1]?.percent ?? 100;
}

function footer(state: RolloutState): string {
  const { owner } = state;
  return [
    `${owner ? safe(owner.name, 80) : 'the owner'} advances and resumes`,
    'anyone on call holds, halts and rolls back',
    code(state.id, 60),
  ].join(' · ');
}

function cardButtons(state: RolloutState, options: RolloutViewOptions): readonly Button[] {
  const { phase } = state;
  const next = nextPercent(state);
  switch (phase.kind) {
    case 'new':
    case 'rolled-back':
    case 'finished':
      return recordButton(state, options);
    case 'planned':
    case 'rehearsing':
      return [
        ...(phase.kind === 'planned' && phase.waitsFor && phase.checkAt === undefined
          ? [beginButton(state, beginInWords(phase.waitsFor.reason))]
          : []),
        rollBackButton(state),
        ...recordButton(state, options),
      ];
    case 'ramping':
      return [holdButton(state), haltButton(state), ...recordButton(state, options)];
    case 'holding': {
      const proved =
        phase.reason === 'person' &&
        state.verdict?.name === 'safe' &&
        next !== undefined &&
        secondsToStay(state) === 0;
      return [
        ...(asksPerson(phase.reason) ? [resumeButton(state, phase.since, 'Resume')] : []),
        haltButton(state),
        ...(proved ? [advanceButton(state, `Advance to ${next} %`)] : recordButton(state, options)),
      ];
    }
    case 'halted':
      return [...resumeAfterHalt(state), rollBackButton(state), ...recordButton(state, options)];
  }
}
