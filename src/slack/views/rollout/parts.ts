import type { Button } from '@slack/types';
import type { RolloutState } from '../../../domain/rollout/state.ts';
import { button } from '../parts.ts';
import { webAddress } from '../text.ts';
import type { RolloutViewOptions } from './options.ts';

/** The buttons of rollouts; each says its effect. */
export function holdButton({ id }: RolloutState): Button {
  return button({ action: 'rollout-hold', value: { id }, label: 'Hold here' });
}

export function haltButton({ id }: RolloutState): Button {
  return button({
    action: 'rollout-halt',
    value: { id },
    label: 'Halt: flag off',
    style: 'danger',
    confirm: {
      title: 'Switch the flag off now?',
      text: 'Nobody gets the feature any more, at once. The rollout can be resumed afterwards.',
      yes: 'Halt',
    },
  });
}

export function rollBackButton({ id, touched }: RolloutState): Button {
  const flag = touched ? 'The flag goes off, or stays off,' : 'The flag is left as it is,';
  return button({
    action: 'rollout-roll-back',
    value: { id },
    label: 'Roll back for good',
    style: 'danger',
    confirm: {
      title: 'Roll back for good?',
      text: `${flag} and this rollout ends. A new one has to be started to try again.`,
      yes: 'Roll back',
    },
  });
}

export function resumeButton({ id }: RolloutState, at: string, label: string): Button {
  return button({ action: 'rollout-resume', value: { id, at }, label });
}

/** What a person halted goes on one stage lower; harm that was proved does not go away by waiting. */
export function resumeAfterHalt(state: RolloutState): readonly Button[] {
  const { phase, plan, stage } = state;
  if (phase.kind !== 'halted' || phase.metrics.length > 0) return [];
  const percent = plan?.stages[Math.max(0, stage - 1)]?.percent;
  const label = percent === undefined || stage < 0 ? 'Resume' : `Resume at ${percent} %`;
  return [resumeButton(state, phase.at, label)];
}

/** A stage back, where there is one. */
export function backButton(state: RolloutState): readonly Button[] {
  const { id, environment, stage, plan } = state;
  const percent = plan?.stages[stage - 1]?.percent;
  if (percent === undefined) return [];
  const value = { id, environment, stage };
  return [button({ action: 'rollout-back', value, label: `Back to ${percent} %` })];
}

export function advanceButton({ id, environment, stage }: RolloutState, label: string): Button {
  return button({
    action: 'rollout-advance',
    value: { id, environment, stage },
    label,
    style: 'primary',
  });
}

export function overrideButton({ id, environment, stage }: RolloutState): Button {
  return button({
    action: 'rollout-override',
    value: { id, environment, stage },
    label: 'Advance without proof…',
  });
}

export function beginButton({ id, step }: RolloutState, label: string): Button {
  return button({ action: 'rollout-begin', value: { id, step }, label, style: 'primary' });
}

export function fixButton({ id }: RolloutState): Button {
  return button({ action: 'rollout-fix', value: { id }, label: 'Open fix job', style: 'primary' });
}

/** A link to the rollout's page, when there are such pages. */
export function recordButton({ id }: RolloutState, options: RolloutViewOptions): readonly Button[] {
  const url = options.webUrl && webAddress(`${options.webUrl}/rollouts/${encodeURIComponent(id)}`);
  if (!url) return [];
  return [{ ...button({ action: 'view-log', value: { id }, label: 'View record' }), url }];
}
