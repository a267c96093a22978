import type { ImageBlock, KnownBlock } from '@slack/types';
import { duration, sentence } from '../../../domain/rollout/say.ts';
import type { RolloutState, StageRun } from '../../../domain/rollout/state.ts';
import { buttons, context, type MessageView, plain, section } from '../parts.ts';
import { code, link, mention, plainly, safe, time } from '../text.ts';
import type { RolloutViewOptions } from './options.ts';
import { fixButton, resumeAfterHalt, rollBackButton } from './parts.ts';
import { inEnvironment, ownerOf } from './words.ts';

/** The flag is off: what happened, with its numbers and its picture, and the ways on. */
export function rolloutHaltView(
  state: RolloutState,
  messageKey: string,
  options: RolloutViewOptions,
): MessageView {
  const { phase } = state;
  const live = phase.kind === 'halted' && isNewestHalt(state, messageKey);
  const run = haltedRun(state, messageKey);
  const at = live ? phase.at : (run?.to ?? state.updatedAt);
  const because = live ? phase.because : (run?.because ?? '');
  const percent = run ? ` at ${run.percent} %` : '';
  const by = live && phase.by ? ` by ${mention(phase.by)}` : '';
  return {
    text: `HALTED${percent}: ${safe(state.flag, 150)}. ${safe(because, 500)}`,
    blocks: [
      section(
        `*✖ Halted${percent}${inEnvironment(state)}*: ${code(state.flag)} · ${time(at)}${by}\n${safe(sentence(because), 1_800)}`,
      ),
      section([offInWords(state, live), live ? calledOf(state, options) : ''].filter(Boolean).join('\n')),
      ...pictureOf(state, options),
      ...issueOf(state, live),
      ...(live
        ? buttons([fixButton(state), rollBackButton(state), ...resumeAfterHalt(state)])
        : [context(`${afterwards(state)} ${time(state.updatedAt)}`)]),
    ],
  };
}

/** Whether this message is about the halt that lasts. */
function isNewestHalt(state: RolloutState, messageKey: string): boolean {
  return haltMessages(state).at(-1)?.key === messageKey;
}

/** The stage that this halt ended: the first halt message is about the first such stage. */
function haltedRun(state: RolloutState, messageKey: string): StageRun | undefined {
  const runs = state.stages.filter(({ left }) => left === 'halted');
  const index = haltMessages(state).findIndex(({ key }) => key === messageKey);
  return runs[index] ?? runs.at(-1);
}

function haltMessages({ messages }: RolloutState) {
  return messages.filter(({ about }) => about.kind === 'rollout-halt');
}

/** "The flag was off at 12:04:10. Clients had obeyed 6 s later." */
export function offInWords(state: RolloutState, live: boolean): string {
  const { off } = state;
  if (!off) return live ? 'Nobody got the feature from this rollout.' : '';
  if (off.doneAt === undefined) {
    return off.problem === undefined
      ? '*The flag is being switched off.*'
      : `*⚠ ${safe(sentence(off.problem), 900)}*`;
  }
  const how = off.route === 'zero' ? 'set to 0 %, since switching off was refused,' : 'off';
  const done = `*The flag is ${how}* since ${time(off.doneAt)}, ${tookInWords(off.wantedAt, off.doneAt)} after the halt.`;
  if (off.clientsOffAt !== undefined) {
    return `${done} All clients had obeyed ${tookInWords(off.wantedAt, off.clientsOffAt)} after it.`;
  }
  return `${done} ${off.problem === undefined ? 'Whether all clients obey is being measured.' : `⚠ ${safe(sentence(off.problem), 600)}`}`;
}

function tookInWords(from: string, to: string): string {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return seconds < 1 ? 'less than a second' : duration(seconds);
}

/** Owner and on-call, each once. */
function calledOf(state: RolloutState, { onCall = [] }: RolloutViewOptions): string {
  const others = onCall
    .filter((id) => id !== state.owner?.id)
    .slice(0, 5)
    .map((id) => mention({ id, name: 'somebody on call' }));
  const called = others.length === 0 ? '' : `; on call: ${others.join(', ')}`;
  return `${ownerOf(state)} owns it${called}.`;
}

function pictureOf(state: RolloutState, { chart }: RolloutViewOptions): readonly KnownBlock[] {
  if (!chart) return [];
  if ('problem' in chart) return [context(`The chart is missing: ${safe(chart.problem, 300)}`)];
  const picture: ImageBlock = {
    type: 'image',
    slack_file: { id: chart.file },
    alt_text: plainly(
      `${state.flag}: users with the feature against the others over time, until the halt`,
      1_900,
    ),
    title: plain('With the feature (exposed) against without (control)'),
  };
  return [picture];
}

function issueOf(state: RolloutState, live: boolean): readonly KnownBlock[] {
  const { issue, issueProblem } = state;
  if (issue) return [context(`Issue ${link(issue.url, safe(issue.key, 60))}`)];
  return live && issueProblem !== undefined ? [context(safe(sentence(issueProblem), 500))] : [];
}

function afterwards({ phase }: RolloutState): string {
  if (phase.kind === 'rolled-back') return `Rolled back by ${mention(phase.by)}.`;
  return 'It went on after this halt.';
}
