import { dollars, tasksOfAttempt, workInWords } from '../../domain/feature/next.ts';
import type { FeatureState } from '../../domain/feature/state.ts';
import { branchOf, isFinal, lastAttempt } from '../../domain/feature/state.ts';
import {
  button,
  buttons,
  context,
  header,
  logButton,
  type MessageView,
  section,
  stopButton,
  type ViewOptions,
} from './parts.ts';
import { code, link, mention, named, safe, sentence, time } from './text.ts';
import {
  asked,
  askedInWords,
  phaseInWords,
  progressLine,
  stateSymbol,
  titleOf,
  waitingFor,
} from './words.ts';

/** The one message that always says where the feature stands. */
export function cardView(state: FeatureState, options: ViewOptions): MessageView {
  return {
    text: fallback(state),
    blocks: [
      header(titleOf(state)),
      section(
        [
          `*${stateSymbol(state)} ${phaseInWords(state)}*`,
          placeLine(state),
          progressLine(state),
          nowLine(state, options),
        ].join('\n'),
      ),
      context(footer(state)),
      ...buttons(cardButtons(state, options)),
    ],
  };
}

function fallback(state: FeatureState): string {
  const waiting = waitingFor(state);
  const need = waiting ? ` It waits for ${askedInWords(state, waiting.who)} ${waiting.what}.` : '';
  return `${safe(titleOf(state), 150)}: ${phaseInWords(state)}.${need}`;
}

function placeLine(state: FeatureState): string {
  const repository = state.repository?.name ?? state.repositoryName;
  const approval = state.specApproval;
  return [
    repository ? safe(repository, 150) : 'no repository yet',
    ...(state.pullRequest
      ? [`branch ${code(state.pullRequest.branch)}`]
      : state.specApproval
        ? [`branch ${code(branchOf(state))}`]
        : []),
    ...(approval
      ? [`spec v${approval.version} (approved by ${mention(approval.by)}, ${time(approval.at)})`]
      : []),
  ].join(' · ');
}

/** What is being done now, or who is waited for and for what. */
function nowLine(state: FeatureState, options: ViewOptions): string {
  const { phase } = state;
  const waiting = waitingFor(state);
  const pull = state.pullRequest;
  if (phase.kind === 'proposed' && pull) {
    return `Next: a person reviews ${link(pull.url, `pull request #${pull.number}`)}.`;
  }
  if (waiting) return `Waiting for ${asked(state, waiting.who, options)} ${waiting.what}.`;
  switch (phase.kind) {
    case 'working':
      return `Now: ${workInWords(phase.on)}${taskInWords(state)}`;
    case 'rejected':
    case 'taken-over':
    case 'stopped':
      return `Ended by ${mention(phase.by)} ${time(state.updatedAt)}.`;
    case 'merged':
      return mergedInWords(state);
    case 'split':
      return 'Its parts, listed below, become features of their own.';
    default:
      return sentence(phaseInWords(state));
  }
}

function mergedInWords({ phase, rollout }: FeatureState): string {
  const merged = phase.kind === 'merged' ? `Merged by ${safe(phase.by, 80)} ${time(phase.at)}.` : '';
  if (rollout === undefined) return merged;
  return 'id' in rollout
    ? `${merged} Its rollout is told below.`
    : `${merged} ${safe(sentence(rollout.because), 500)}`;
}

function taskInWords(state: FeatureState): string {
  const attempt = lastAttempt(state);
  if (state.phase.kind !== 'working' || state.phase.on !== 'build' || !attempt) return '.';
  if (attempt.scope === 'repair') return `: mending what failed in attempt ${attempt.number - 1}.`;
  const tasks = tasksOfAttempt(state);
  const task = state.plan?.plan.tasks[attempt.built];
  return task ? `: task ${attempt.built + 1} of ${tasks.length}, ${safe(sentence(task.title), 150)}` : '.';
}

function footer(state: FeatureState): string {
  const spent = dollars(state.spent.dollars);
  return [
    state.budget === undefined ? `${spent} spent` : `${spent} of ${dollars(state.budget)} spent`,
    `started by ${state.request ? mention(state.request.by) : named(undefined)}${state.request ? `, ${time(state.request.at)}` : ''}`,
    code(state.id, 60),
  ].join(' · ');
}

function cardButtons(state: FeatureState, options: ViewOptions) {
  if (isFinal(state.phase) || state.phase.kind === 'new') return [];
  const { id } = state;
  return [
    stopButton(id),
    button({ action: 'add-note', value: { id }, label: 'Add a note…' }),
    ...logButton(id, options),
  ];
}
