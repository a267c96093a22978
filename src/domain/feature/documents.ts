import type { Spec } from './spec.ts';
import type { FeatureState } from './state.ts';
import { lastAttempt, newestSpec } from './state.ts';

/** The spec as a file of the pull request, `specs/<id>.md`. */
export function specDocument(state: FeatureState): string {
  const version = newestSpec(state);
  if (!version) return '';
  const { spec, hash } = version;
  const approval = state.specApproval;
  return [
    `# ${spec.title}`,
    '',
    spec.goal,
    '',
    `Spec v${version.version} of feature ${state.id}, hash \`${hash}\`. Asked for by ${state.request?.by.name}, approved by ${approval?.by.name} at ${approval?.at}.`,
    '',
    '## Acceptance criteria',
    '',
    ...spec.criteria.map((criterion) => `- **${criterion.id}** ${criterion.text}`),
    ...section('Inputs', spec.inputs),
    ...section('Outputs', spec.outputs),
    ...section('Constraints', spec.constraints),
    ...section('Out of scope', spec.outOfScope),
    ...section('Patterns to follow', spec.patterns),
    ...section(
      'Validation',
      spec.validation.map((command) => `\`${command}\``),
    ),
    '',
    '## Risk',
    '',
    `${spec.risk.level}: ${spec.risk.because}`,
    '',
    `Feature flag: \`${spec.flag}\``,
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines.map((line) => `- ${line}`)];
}

/** The commit's message, with who wrote and who asked as trailers. The model never signs off. */
export function commitMessage(state: FeatureState): string {
  const version = newestSpec(state);
  const spec: Spec | undefined = version?.spec;
  const models = lastAttempt(state)?.models ?? [];
  return [
    `feat: ${lowerFirst(spec?.title ?? state.id)}`,
    '',
    spec?.goal ?? '',
    '',
    ...models.map((model) => `Assisted-by: Slipway:${model}`),
    `Requested-by: ${state.request?.by.name}`,
    `Slipway-Run: ${state.id}`,
    `Slipway-Spec: v${version?.version} ${version?.hash}`,
    '',
  ].join('\n');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The body of the pull request: what was asked, what is proved, who wrote it, and what is not proved. */
export function pullRequestBody(state: FeatureState, options: { readonly threadUrl?: string } = {}): string {
  const version = newestSpec(state);
  const attempt = lastAttempt(state);
  const proof = attempt?.proof;
  if (!version || !proof) return '';
  const { spec } = version;
  const text = new Map(spec.criteria.map((criterion) => [criterion.id, criterion.text]));
  const review = proof.findings.filter((finding) => finding.severity === 'review');
  return [
    `## What was asked`,
    '',
    ...quote(state.request?.words ?? ''),
    '',
    `Asked for by **${state.request?.by.name}** in Slack${options.threadUrl ? ` ([thread](${options.threadUrl}))` : ''}; spec v${version.version} approved by **${state.specApproval?.by.name}** (\`specs/${state.id}.md\`, hash \`${version.hash.slice(0, 12)}\`).`,
    '',
    '## Criteria and their tests',
    '',
    '| | criterion | test | base | this change |',
    '|---|---|---|---|---|',
    ...proof.criteria.map(
      (criterion) =>
        `| ${criterion.id} | ${cell(text.get(criterion.id) ?? '')} | ${cell(criterion.test)} | ${criterion.base} | ${criterion.head} |`,
    ),
    '',
    '## What the gates found',
    '',
    `${proof.because} Proved in a clean checkout at attempt ${attempt.number} of ${state.attemptsAllowed}, in the sandbox, offline.`,
    '',
    ...proof.checks.map((check) => `- **${check.name}**: ${check.verdict}. ${check.because}`),
    ...(review.length > 0
      ? [
          '',
          'For the reviewer:',
          '',
          ...review.map((finding) => `- ${finding.path ? `\`${finding.path}\`: ` : ''}${finding.because}`),
        ]
      : []),
    '',
    '## What this does not prove',
    '',
    '- That the criteria are the right ones, or that nothing outside the tests changed for users.',
    '- Performance, accessibility and behaviour under load.',
    ...spec.outOfScope.map((line) => `- Out of scope: ${line}`),
    '',
    '---',
    `Written by ${attempt.models.join(', ')} through Slipway; risk ${spec.risk.level} (${spec.risk.because}). Run \`${state.id}\`, ${state.attempts.length} attempt${state.attempts.length === 1 ? '' : 's'}, $${state.spent.dollars.toFixed(2)}. A person has to review it: the requester's own approval does not count.`,
    '',
  ].join('\n');
}

function quote(text: string): readonly string[] {
  return text.split('\n').map((line) => `> ${line}`);
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');
}
