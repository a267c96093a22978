import type { KnownBlock } from '@slack/types';
import { criteriaDiff } from '../../domain/feature/criteria-diff.ts';
import { dollars } from '../../domain/feature/next.ts';
import type { Spec } from '../../domain/feature/spec.ts';
import type { FeatureState, SpecVersion } from '../../domain/feature/state.ts';
import { newestSpec } from '../../domain/feature/state.ts';
import {
  button,
  buttons,
  context,
  header,
  type MessageView,
  section,
  sectionWhen,
  type ViewOptions,
} from './parts.ts';
import { code, count, lines, listed, mention, named, safe, time } from './text.ts';
import { asked } from './words.ts';

/** A version of the spec: what changed first, then the whole, then what can be done about it. */
export function specView(state: FeatureState, version: number, options: ViewOptions): MessageView {
  const shown = state.specs.find((candidate) => candidate.version === version);
  if (!shown) return missing(version);
  const newest = newestSpec(state)?.version ?? version;
  if (newest > version) return supersededView(shown, newest);
  const before = state.specs.find((candidate) => candidate.version === version - 1);
  return {
    text: fallback(state, shown),
    blocks: [
      header(`Spec v${version}: ${shown.spec.title}`),
      ...(before ? [section(changes(before, shown))] : []),
      ...specBlocks(shown.spec),
      context(`${writtenBy(shown)} · hash ${code(shown.hash.slice(0, 12), 20)}`),
      ...decision(state, shown, options),
    ],
  };
}

function missing(version: number): MessageView {
  const text = `Spec v${version} is not on record.`;
  return { text, blocks: [section(text)] };
}

/** An old version keeps its criteria readable, and nothing of it can be pressed. */
function supersededView(shown: SpecVersion, newest: number): MessageView {
  const text = `Spec v${shown.version} was superseded by spec v${newest}, further down in this thread.`;
  return {
    text,
    blocks: [section(`~Spec v${shown.version}~ ${text}`), context(criteriaLines(shown.spec, 1_500))],
  };
}

function fallback(state: FeatureState, shown: SpecVersion): string {
  const title = safe(shown.spec.title, 150);
  const { version } = shown;
  if (state.specApproval?.version === version) {
    return `Spec v${version} "${title}" was approved by ${named(state.specApproval.by)}.`;
  }
  if (state.phase.kind !== 'reviewing-spec') return `Spec v${version} "${title}" is no longer open.`;
  return `Spec v${version} "${title}" with ${count(shown.spec.criteria.length, 'criterion', 'criteria')} waits for approval.`;
}

function writtenBy({ from }: SpecVersion): string {
  return from === 'model' ? 'Written by the model from this thread' : `Edited by ${named(from)}`;
}

function changes(before: SpecVersion, after: SpecVersion): string {
  const diff = criteriaDiff(before.spec.criteria, after.spec.criteria);
  const signs = { added: '+', removed: '−', changed: '~' } as const;
  const list = lines(diff, {
    max: 1_900,
    draw: (change, room) => {
      const was = change.kind === 'changed' ? ` (was: ${safe(change.before, room * 0.35)})` : '';
      return `${signs[change.kind]} ${safe(change.id, 20)} ${safe(change.text, change.kind === 'changed' ? room * 0.45 : room * 0.8)}${was}`;
    },
  });
  const others = otherChanges(before.spec, after.spec);
  return [
    `*Changes since v${before.version}*`,
    list || 'The criteria stay as they were.',
    ...(others.length > 0 ? [`Also changed: ${listed(others)}.`] : []),
  ].join('\n');
}

const otherParts: readonly { readonly name: string; readonly of: (spec: Spec) => unknown }[] = [
  { name: 'title', of: (spec) => spec.title },
  { name: 'goal', of: (spec) => spec.goal },
  { name: 'inputs', of: (spec) => spec.inputs },
  { name: 'outputs', of: (spec) => spec.outputs },
  { name: 'constraints', of: (spec) => spec.constraints },
  { name: 'out of scope', of: (spec) => spec.outOfScope },
  { name: 'patterns', of: (spec) => spec.patterns },
  { name: 'risk', of: (spec) => spec.risk },
  { name: 'flag', of: (spec) => spec.flag },
  { name: 'files', of: (spec) => spec.files },
  { name: 'validation', of: (spec) => spec.validation },
  { name: 'estimate', of: (spec) => spec.estimate },
];

function otherChanges(before: Spec, after: Spec): readonly string[] {
  return otherParts
    .filter(({ of }) => JSON.stringify(of(before)) !== JSON.stringify(of(after)))
    .map(({ name }) => name);
}

/**
 * What is decided on in full size, what belongs to it in small. The rooms of these add up, with the changes and
 * the buttons, to what one message may hold.
 */
function specBlocks(spec: Spec): readonly KnownBlock[] {
  return [
    section(safe(spec.goal, 700)),
    section(`*Acceptance criteria*\n${criteriaLines(spec, 2_800)}`),
    ...sectionWhen('Out of scope', bullets(spec.outOfScope)),
    section(facts(spec)),
    context(details(spec)),
  ];
}

function details(spec: Spec): string {
  const parts = [
    ['Inputs', spec.inputs],
    ['Outputs', spec.outputs],
    ['Constraints', spec.constraints],
    ['Patterns to follow', spec.patterns],
  ] as const;
  const said = parts
    .filter(([, items]) => items.length > 0)
    .map(([name, items]) => `*${name}* ${inOneLine(items)}`);
  return [...said, `*Checks that must pass* ${names(spec.validation)}`].join('\n');
}

function inOneLine(items: readonly string[]): string {
  return lines(items, { max: 450, draw: (item, room) => safe(item.replace(/\.$/, ''), room - 4) }).replaceAll(
    '\n',
    '; ',
  );
}

function criteriaLines(spec: Spec, max: number): string {
  return lines(spec.criteria, {
    max,
    draw: ({ id, text }, room) => `*${safe(id, 20)}* ${safe(text, room - 30)}`,
  });
}

function bullets(items: readonly string[]): string {
  return lines(items, { max: 450, draw: (item, room) => `• ${safe(item, room - 4)}` });
}

function facts(spec: Spec): string {
  return [
    `*Risk* ${spec.risk.level}: ${safe(spec.risk.because, 250)}`,
    `*Flag* ${code(spec.flag, 80)} · *Estimate* ${dollars(spec.estimate.dollars)}, ${count(Math.round(spec.estimate.minutes), 'minute')}`,
    `*Files likely touched* ${names(spec.files)}`,
  ].join('\n');
}

function names(items: readonly string[]): string {
  const list = lines(items, { max: 350, draw: (item, room) => code(item, room - 4) });
  return list.replaceAll('\n', ' ') || 'none named';
}

function decision(state: FeatureState, shown: SpecVersion, options: ViewOptions): readonly KnownBlock[] {
  const { id, phase } = state;
  const { version, hash } = shown;
  const approval = state.specApproval;
  if (approval?.version === version) {
    return [section(`Approved by ${mention(approval.by)} · ${time(approval.at)}`)];
  }
  if (phase.kind === 'rejected') {
    return [
      section(`Rejected by ${mention(phase.by)} · ${time(state.updatedAt)}\n${safe(phase.because, 400)}`),
    ];
  }
  if (phase.kind === 'stopped')
    return [section(`Stopped by ${mention(phase.by)} · ${time(state.updatedAt)}`)];
  if (phase.kind !== 'reviewing-spec') {
    return [section(`Spec v${version} is being revised; v${version + 1} follows in this thread.`)];
  }
  return [
    section(`${asked(state, 'approver', options)} is asked to approve this. Nothing is built before that.`),
    ...buttons([
      button({
        action: 'approve-spec',
        value: { id, version, hash },
        label: `Approve spec v${version}`,
        style: 'primary',
      }),
      button({ action: 'edit-spec', value: { id, version }, label: `Edit spec v${version}…` }),
      button({
        action: 'reject',
        value: { id, version },
        label: `Reject spec v${version}…`,
        style: 'danger',
      }),
    ]),
  ];
}
