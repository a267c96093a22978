import { duration, sentence } from '../../../domain/rollout/say.ts';
import type { RolloutMessageAbout, RolloutState } from '../../../domain/rollout/state.ts';
import { button, buttons, context, type MessageView, section, sectionWhen } from '../parts.ts';
import { code, count, lines, listed, mention, named, safe, time } from '../text.ts';
import { offInWords } from './halt.ts';
import type { RolloutViewOptions } from './options.ts';
import { fixButton, recordButton } from './parts.ts';

/** Rolled back for good by a person. */
export function rolloutRolledBackView(state: RolloutState, options: RolloutViewOptions): MessageView {
  const { phase } = state;
  if (phase.kind !== 'rolled-back') {
    const text = 'This rollout is not rolled back.';
    return { text, blocks: [section(text)] };
  }
  return {
    text: `${named(phase.by)} rolled ${safe(state.flag, 150)} back. ${safe(phase.because, 300)}`,
    blocks: [
      section(
        `*✖ Rolled back* by ${mention(phase.by)} · ${time(phase.at)}: ${code(state.flag)}\n${safe(sentence(phase.because), 1_500)}`,
      ),
      section([offInWords(state, true), staysInWords(state)].filter(Boolean).join('\n')),
      ...buttons([fixButton(state), ...recordButton(state, options)]),
    ],
  };
}

/** What was finished in the environments before is not taken back: "staging stays at 100 %." */
function staysInWords({ plan, environment }: RolloutState): string {
  const before = (plan?.environments.slice(0, environment) ?? []).slice(0, 6).map((name) => safe(name, 60));
  if (before.length === 0) return '';
  return `${listed(before)} ${before.length === 1 ? 'stays' : 'stay'} at 100 %.`;
}

/** Everybody in one environment has it; the next begins. */
export function rolloutPromotedView(
  state: RolloutState,
  { environment }: Extract<RolloutMessageAbout, { kind: 'rollout-promoted' }>,
): MessageView {
  const before = state.plan?.environments[(state.plan.environments.indexOf(environment) || 1) - 1] ?? '';
  const text = `${safe(state.flag, 150)} is proved in ${safe(before, 60)}; ${safe(environment, 60)} comes next, from the beginning.`;
  return {
    text,
    blocks: [
      section(
        `*✔ ${code(state.flag)} is proved in ${safe(before, 60)}*; ${safe(environment, 60)} comes next, from the beginning.`,
      ),
      ...sectionWhen('Stages', stagesOf(state, before)),
    ],
  };
}

/** Everybody has it: how long it took, and what to do with the flag. */
export function rolloutFinishedView(state: RolloutState, options: RolloutViewOptions): MessageView {
  const { phase, startedAt } = state;
  const at = phase.kind === 'finished' ? phase.at : state.updatedAt;
  const took =
    startedAt !== undefined && at !== undefined
      ? ` after ${duration((Date.parse(at) - Date.parse(startedAt)) / 1000)}`
      : '';
  const halts = state.stages.filter(({ left }) => left === 'halted').length;
  const overridden = state.stages.filter(({ left }) => left === 'overridden').length;
  return {
    text: `Everybody has ${safe(state.flag, 150)}${took}. Its flag can be removed from the code.`,
    blocks: [
      section(`*✔ Everybody has ${code(state.flag)}*${took} · ${time(at)}`),
      ...sectionWhen('Stages', stagesOf(state)),
      context(
        [
          count(halts, 'halt'),
          overridden === 0 ? 'every stage left on proof' : `${count(overridden, 'stage')} left without proof`,
          'the flag is no longer needed',
          code(state.id, 60),
        ].join(' · '),
      ),
      ...buttons([
        button({
          action: 'rollout-remove-flag',
          value: { id: state.id },
          label: "Ask for the flag's removal",
          style: 'primary',
        }),
        ...recordButton(state, options),
      ]),
    ],
  };
}

/** Each stage with how long it took and how it ended. */
function stagesOf(state: RolloutState, environment?: string): string {
  const runs = state.stages.filter((run) => environment === undefined || run.environment === environment);
  const several = new Set(runs.map((run) => run.environment)).size > 1;
  return lines(runs, {
    max: 2_600,
    draw: ({ environment: where, percent, from, to, left }) => {
      const took = to === undefined ? '' : ` · ${duration((Date.parse(to) - Date.parse(from)) / 1000)}`;
      const how = left === undefined || left === 'advanced' ? '' : ` · ${left.replaceAll('-', ' ')}`;
      return `• ${several ? `${safe(where, 40)} ` : ''}${percent} %${took}${how}`;
    },
  });
}
