import type { KnownBlock } from '@slack/types';
import type { FeatureState } from '../../domain/feature/state.ts';
import { newestSpec } from '../../domain/feature/state.ts';
import { button, buttons, header, type MessageView, section, stopButton, type ViewOptions } from './parts.ts';
import { code, count, lines, mention, named, safe, time } from './text.ts';
import { asked } from './words.ts';

/** The plan of a change whose risk asks for a person's approval before code is written. */
export function planView(state: FeatureState, hash: string, options: ViewOptions): MessageView {
  const { plan } = state;
  if (plan?.hash !== hash) {
    const text = plan
      ? 'This plan was superseded by a newer one, further down in this thread.'
      : 'This plan is not on record.';
    return { text, blocks: [section(text)] };
  }
  const { tasks, summary } = plan.plan;
  return {
    text: fallback(state),
    blocks: [
      header(`Plan: ${count(tasks.length, 'task')}`),
      section(safe(summary, 800)),
      section(
        lines(tasks, {
          max: 2_800,
          draw: (task, room) =>
            `*${safe(task.id, 12)}* ${safe(task.title, room * 0.35)} · ${safe(task.criteria.join(', '), room * 0.15)}\n      ${safe(task.files.join(', '), room * 0.3)}`,
        }),
      ),
      section(tests(state)),
      ...decision(state, options),
    ],
  };
}

function fallback(state: FeatureState): string {
  const approval = state.plan?.approval;
  if (approval) return `The plan was approved by ${named(approval.by)}.`;
  return state.phase.kind === 'reviewing-plan'
    ? `The plan of ${count(state.plan?.plan.tasks.length ?? 0, 'task')} waits for approval, since the risk is ${newestSpec(state)?.spec.risk.level}.`
    : 'The plan is no longer open.';
}

/** The tests under their files, which are named once. */
function tests(state: FeatureState): string {
  const written = state.tests?.tests ?? [];
  if (written.length === 0) return 'No tests are written yet.';
  const files = [...new Set(written.map(({ file }) => file))];
  const sorted = files.flatMap((file) => written.filter((test) => test.file === file));
  const list = lines(sorted, {
    max: 2_400,
    draw: (test, room) => {
      const first = sorted.find(({ file }) => file === test.file) === test;
      const place = first ? `in ${code(test.file, room * 0.3)}\n` : '';
      return `${place}${safe(test.criterion, 12)} ${safe(titleOf(test), room * 0.5)}`;
    },
  });
  return `*Tests, written before the code*\n${list}`;
}

/** What a test says, without its suite and without the criterion it begins with. */
function titleOf({ name, criterion }: { readonly name: string; readonly criterion: string }): string {
  const title = name.split(' > ').at(-1) ?? name;
  return title.startsWith(`${criterion}: `) ? title.slice(criterion.length + 2) : title;
}

function decision(state: FeatureState, options: ViewOptions): readonly KnownBlock[] {
  const { id, phase, plan } = state;
  if (plan?.approval)
    return [section(`Approved by ${mention(plan.approval.by)} · ${time(plan.approval.at)}`)];
  if (phase.kind === 'stopped') {
    return [section(`Stopped by ${mention(phase.by)} · ${time(state.updatedAt)}`)];
  }
  if (phase.kind !== 'reviewing-plan' || !plan) {
    return [section('The plan is being revised; a new one follows in this thread.')];
  }
  const risk = newestSpec(state)?.spec.risk;
  const because = risk ? `, since the risk is ${risk.level}: ${safe(risk.because, 250)}` : '.';
  return [
    section(`${asked(state, 'approver', options)} is asked to approve the plan${because}`),
    ...buttons([
      button({
        action: 'approve-plan',
        value: { id, hash: plan.hash },
        label: 'Approve the plan',
        style: 'primary',
      }),
      button({ action: 'add-note', value: { id }, label: 'Ask for changes…' }),
      stopButton(id),
    ]),
  ];
}
