import { dollars } from '../../domain/feature/next.ts';
import type { FeatureState } from '../../domain/feature/state.ts';
import { lastAttempt } from '../../domain/feature/state.ts';
import { buttons, context, logButton, type MessageView, section, type ViewOptions } from './parts.ts';
import { provedInWords } from './proved.ts';
import { code, count, lines, link, named, safe } from './text.ts';
import { asked, titleOf } from './words.ts';

/** The proved change as a pull request, and who has to look at it now. */
export function pullRequestView(state: FeatureState, options: ViewOptions): MessageView {
  const pull = state.pullRequest;
  if (!pull) {
    const text = 'There is no pull request yet.';
    return { text, blocks: [section(text)] };
  }
  const kind = pull.draft && state.phase.kind === 'proposed' ? 'Draft pull request' : 'Pull request';
  const name = `${kind} #${pull.number}`;
  const standing = standingOf(state);
  const proof = lastAttempt(state)?.proof;
  const proved = proof ? ` with ${provedInWords(state, proof).replace(' proved', ' criteria proved')}` : '';
  const files = count(pull.files.length, 'file');
  const names = lines(pull.files, { max: 2_000, draw: (file, room) => code(file, room - 4) }).replaceAll(
    '\n',
    ' ',
  );
  return {
    text: `${name} for "${safe(titleOf(state), 120)}" ${standing}${proved}${standing === 'is open' ? '; a person has to review it' : ''}.`,
    blocks: [
      section(`*${link(pull.url, name)}* ${standing}${proved}: ${safe(titleOf(state), 150)}`),
      section(nextStep(state, options)),
      context(
        [
          `${files} ${names}`,
          `branch ${code(pull.branch, 120)} at ${code(pull.headSha.slice(0, 7), 12)}`,
          count(state.attempts.length, 'attempt'),
          `${dollars(state.spent.dollars)} spent`,
          ...(state.specApproval
            ? [`spec v${state.specApproval.version} approved by ${named(state.specApproval.by)}`]
            : []),
        ].join(' · '),
      ),
      ...buttons(logButton(state.id, options)),
    ],
  };
}

function standingOf({ phase }: FeatureState): string {
  if (phase.kind === 'merged') return 'is merged';
  return phase.kind === 'closed' ? 'was closed' : 'is open';
}

function nextStep(state: FeatureState, options: ViewOptions): string {
  const { phase, rollout } = state;
  if (phase.kind === 'closed') return 'It was closed without a merge. Ask again as a new feature.';
  if (phase.kind !== 'merged') {
    return `${asked(state, 'reviewer', options)} is asked to review it: a person has to, and ${named(state.request?.by)}'s own approval does not count.`;
  }
  const merged = `Merged by ${safe(phase.by, 80)} as ${code(phase.sha.slice(0, 7), 12)}.`;
  if (rollout && 'because' in rollout) return `${merged} ${safe(rollout.because, 500)}`;
  return rollout ? `${merged} Its rollout is told below.` : merged;
}
