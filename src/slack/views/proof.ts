import type { Button, KnownBlock } from '@slack/types';
import { workInWords } from '../../domain/feature/next.ts';
import type { Attempt, AttemptProof, FeatureState } from '../../domain/feature/state.ts';
import type { CriterionProof, Finding } from '../../domain/proof.ts';
import {
  button,
  buttons,
  context,
  header,
  type MessageView,
  section,
  sectionWhen,
  stopButton,
  type ViewOptions,
} from './parts.ts';
import { approvedSpec, isProved, provedInWords } from './proved.ts';
import { code, codeBlock, count, lines, mention, safe, sentence, time } from './text.ts';
import { asked } from './words.ts';

/** What running an attempt showed: per criterion, what failed and how, and what happens next. */
export function proofView(state: FeatureState, number: number, options: ViewOptions): MessageView {
  const attempt = state.attempts.find((candidate) => candidate.number === number);
  const proof = attempt?.proof;
  if (!attempt || !proof) {
    const text = `Attempt ${number} has no proof yet.`;
    return { text, blocks: [section(text)] };
  }
  const heading = `${verdictInWords(proof)} · attempt ${number} of ${Math.max(number, state.attemptsAllowed)}`;
  return {
    text: `${heading}: ${safe(proof.because, 250)}`,
    blocks: [
      header(heading),
      section(`${safe(sentence(proof.because), 500)}`),
      ...sectionWhen(`Criteria: ${provedInWords(state, proof)}`, criteria(state, proof)),
      ...failures(proof),
      ...sectionWhen('For the reviewer', findings(proof, 'review', 1_500)),
      context(measured(proof)),
      ...next(state, attempt, options),
    ],
  };
}

function verdictInWords({ verdict }: AttemptProof): string {
  switch (verdict) {
    case 'pass':
      return '✔ Verified';
    case 'fail':
      return '✖ Not proved';
    case 'unknown':
      return '⚠ Could not be proved';
  }
}

function criteria(state: FeatureState, proof: AttemptProof): string {
  const texts = new Map(approvedSpec(state)?.criteria.map(({ id, text }) => [id, text]));
  return lines(proof.criteria, {
    max: 2_700,
    draw: (criterion, room) =>
      `${isProved(criterion) ? '✔' : '✖'} *${safe(criterion.id, 12)}* ${safe(texts.get(criterion.id) ?? '', room * 0.35)} · ${code(criterion.test, room * 0.3)} · ${colours(criterion)}`,
  });
}

/** A criterion is proved by a test that is red without the change and green with it. */
function colours({ base, head }: CriterionProof): string {
  if (base === 'absent' && head === 'absent') return 'no such test ran';
  const from = base === 'absent' ? 'not run' : base;
  const to = head === 'absent' ? 'not run' : head;
  return `${from} on base → ${to}`;
}

/** The first failures as they were, the others by name. */
function failures(proof: AttemptProof): readonly KnownBlock[] {
  const blocking = sectionWhen('Failed gates', findings(proof, 'block', 1_200));
  const known = new Set(proof.failures.map(({ test }) => test));
  const others = proof.failing.filter((test) => !known.has(test));
  if (proof.failures.length + others.length === 0) return blocking;
  const shown = proof.failures
    .slice(0, 3)
    .map(({ test, message }) => section(`✖ ${code(test, 150)}\n${codeBlock(message, 450)}`));
  const rest = [...proof.failures.slice(3).map(({ test }) => test), ...others];
  return [
    ...shown,
    ...sectionWhen(
      'Also failing',
      lines(rest, { max: 600, draw: (test, room) => `✖ ${code(test, room - 6)}` }),
    ),
    ...blocking,
  ];
}

function findings(proof: AttemptProof, severity: Finding['severity'], max: number): string {
  const found = proof.findings.filter((finding) => finding.severity === severity);
  const sign = severity === 'block' ? '✖' : '⚠';
  return lines(found, {
    max,
    draw: ({ gate, path, line, because }, room) => {
      const place = path ? ` in ${code(`${path}${line === undefined ? '' : `:${line}`}`, room * 0.3)}` : '';
      return `${sign} ${safe(gate, 40)}${place}: ${safe(because, room * 0.4)}`;
    },
  });
}

function measured(proof: AttemptProof): string {
  const symbol = { pass: '✔', fail: '✖', unknown: '⚠', tampered: '✖' } as const;
  const checks = lines(proof.checks, {
    max: 900,
    draw: ({ name, verdict, because }, room) =>
      `${verdict === 'pass' ? symbol.pass : verdict === 'unknown' ? symbol.unknown : symbol.fail} check ${safe(name, 40)}: ${safe(because, room - 60)}`,
  });
  const notes = proof.findings.filter((finding) => finding.severity === 'note').length;
  const took = `Took ${duration(proof.milliseconds)}${notes > 0 ? ` · ${count(notes, 'note')} on record` : ''}`;
  return [checks, took].filter(Boolean).join('\n');
}

function duration(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}

function next(state: FeatureState, attempt: Attempt, options: ViewOptions): readonly KnownBlock[] {
  const { phase } = state;
  const later = state.attempts.find(({ number }) => number === attempt.number + 1);
  if (later) {
    const how = later.scope === 'repair' ? 'mends what failed' : 'starts anew from the base commit';
    return [section(`Attempt ${later.number} ${how}.`)];
  }
  switch (phase.kind) {
    case 'deciding':
      return [
        section(
          `${asked(state, 'requester', options)}, how should it go on? ${safe(sentence(phase.because), 400)}`,
        ),
        ...buttons(decisions(state, attempt.number)),
      ];
    case 'working':
      return [
        section(
          `Next: ${phase.on === 'write-tests' ? 'the tests are written anew, then the code' : workInWords(phase.on)}.`,
        ),
      ];
    case 'blocked':
      return [section(`Blocked while ${workInWords(phase.on)}; see below.`)];
    case 'over-budget':
      return [section('The budget is used up; see below.')];
    case 'proposed':
      return [section(`The change is in pull request #${state.pullRequest?.number ?? '?'}.`)];
    case 'taken-over':
      return [section(`Taken over by ${mention(phase.by)} · ${time(state.updatedAt)}`)];
    case 'stopped':
      return [section(`Stopped by ${mention(phase.by)} · ${time(state.updatedAt)}`)];
    default:
      return [];
  }
}

function decisions(state: FeatureState, attempt: number): readonly Button[] {
  const { id } = state;
  return [
    button({ action: 'retry', value: { id, attempt }, label: 'Retry with a note…', style: 'primary' }),
    button({
      action: 'take-over',
      value: { id, attempt },
      label: 'Take over',
      confirm: {
        title: 'Take this feature over?',
        text: 'You go on by hand, and no further attempt is made here. It cannot be handed back.',
        yes: 'Take it over',
      },
    }),
    stopButton(id, 'Stop, keep branch'),
  ];
}
