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
import { code, count, lines, mention, safe, sentence, time } from './text.ts';
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
  const wrong = [...otherFailures(proof), ...gatesThatFail(proof)];
  const explained = wrong.length > 0 || proof.criteria.some((criterion) => !isProved(criterion));
  return {
    text: `${heading}: ${safe(proof.because, 250)}`,
    blocks: [
      header(heading),
      ...(proof.verdict === 'pass' || explained ? [] : [section(safe(sentence(proof.because), 500))]),
      ...sectionWhen(`Criteria: ${provedInWords(state, proof)}`, criteria(state, proof)),
      ...sectionWhen('Also wrong', lines(wrong, { max: 2_600, draw: drawWrong })),
      ...sectionWhen('For the reviewer', forReviewer(proof)),
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

/** One line for each, and below one that is not proved its test and what it said. */
function criteria(state: FeatureState, proof: AttemptProof): string {
  const texts = new Map(approvedSpec(state)?.criteria.map(({ id, text }) => [id, text]));
  return lines(proof.criteria, {
    max: 2_700,
    draw: (criterion, room) => {
      const text = safe(texts.get(criterion.id) ?? '', room * 0.4);
      const line = `*${safe(criterion.id, 12)}* ${text} · ${colours(criterion)}`;
      if (isProved(criterion)) return `✔ ${line}`;
      const said = proof.failures.find(({ test }) => test === criterion.test)?.message;
      return `✖ ${line}\n      ${code(titleOfTest(criterion.test), room * 0.2)}${said === undefined ? '' : ` ${safe(plainMessage(said), room * 0.2)}`}`;
    },
  });
}

/** The last part of `file > suite > title`; the plan and the pull request say the whole. */
function titleOfTest(id: string): string {
  return id.split(' > ').at(-1) ?? id;
}

/** Runners put the name of the error's class before what was expected and received. */
function plainMessage(message: string): string {
  return message.replace(/^\w*Error: /, '');
}

/** A criterion is proved by a test that is red without the change and green with it. */
function colours({ base, head }: CriterionProof): string {
  if (base === 'absent' && head === 'absent') return 'no such test ran';
  const from = base === 'absent' ? 'not run' : base;
  const to = head === 'absent' ? 'not run' : head;
  return `${from} on base → ${to}`;
}

/** Something that fails and is said only once: the test, gate or check, and how. */
type Wrong = { readonly what: string; readonly where?: string; readonly how?: string };

function drawWrong({ what, where, how }: Wrong, room: number): string {
  const place = where === undefined ? '' : ` in ${code(where, room * 0.25)}`;
  return `✖ ${code(what, room * 0.35)}${place}${how === undefined ? '' : ` ${safe(plainMessage(how), room * 0.35)}`}`;
}

/** Tests that fail and stand for no criterion, and checks that say what is wrong themselves. */
function otherFailures(proof: AttemptProof): readonly Wrong[] {
  const elsewhere = new Set([
    ...proof.criteria.map(({ test }) => test),
    ...blocking(proof).map(({ gate }) => gate),
  ]);
  return proof.failures
    .filter(({ test }) => !elsewhere.has(test))
    .map(({ test, message }) => ({ what: test, how: message }));
}

/** Gates and checks that do not hold for another reason than the tests and criteria that are listed already. */
function gatesThatFail(proof: AttemptProof): readonly Wrong[] {
  const listed = proof.criteria.filter((criterion) => !isProved(criterion));
  const gates = blocking(proof)
    .filter(({ because }) => !listed.some(({ id }) => because.startsWith(`${id}:`)))
    .map((finding) => ({ what: finding.gate, ...placeOf(finding), how: finding.because }));
  const failing = new Set([...proof.failures.map(({ test }) => test), ...gates.map(({ what }) => what)]);
  const checks = proof.checks
    .filter(({ name, verdict, head }) => verdict !== 'pass' && head.failed === 0 && !failing.has(name))
    .map(({ name, because }) => ({ what: name, how: because }));
  return [...gates, ...checks];
}

function blocking(proof: AttemptProof): readonly Finding[] {
  return proof.findings.filter(({ severity }) => severity === 'block');
}

function placeOf({ path, line }: Finding): { readonly where?: string } {
  return path === undefined ? {} : { where: `${path}${line === undefined ? '' : `:${line}`}` };
}

function forReviewer(proof: AttemptProof): string {
  return lines(
    proof.findings.filter(({ severity }) => severity === 'review'),
    {
      max: 1_500,
      draw: (finding, room) => {
        const { where } = placeOf(finding);
        const place = where === undefined ? '' : ` in ${code(where, room * 0.3)}`;
        return `⚠ ${safe(finding.gate, 40)}${place}: ${safe(finding.because, room * 0.4)}`;
      },
    },
  );
}

/** The checks with their numbers, and the time it took; the reasons are on the run page. */
function measured(proof: AttemptProof): string {
  const checks = proof.checks.slice(0, 12).map(({ name, verdict, head }) => {
    const sign = verdict === 'pass' ? '✔' : verdict === 'unknown' ? '⚠' : '✖';
    const ran = head.passed + head.failed;
    // A check holds with failing tests when they failed before the change, too.
    const before = verdict === 'pass' ? ' before, too' : '';
    const failed = `, ${head.failed} of ${ran} failed${before}`;
    const numbers = head.failed > 0 ? failed : ran > 0 ? `, ${ran} passed` : '';
    return `${sign} ${safe(name, 40)}${numbers}`;
  });
  const left = proof.checks.length - checks.length;
  const notes = proof.findings.filter(({ severity }) => severity === 'note').length;
  return [
    ...checks,
    ...(left > 0 ? [`… (${left} more)`] : []),
    ...(notes > 0 ? [`${count(notes, 'note')} on record`] : []),
    `clean checkout, ${duration(proof.milliseconds)}`,
  ].join(' · ');
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
    case 'merged':
      return [section(`The change was merged in pull request #${state.pullRequest?.number ?? '?'}.`)];
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
