import { html } from 'hono/html';
import { dollars, workInWords } from '../domain/feature/next.ts';
import type { FeatureState } from '../domain/feature/state.ts';
import { newestSpec } from '../domain/feature/state.ts';
import { attemptSection } from './attempt.ts';
import { digest, moment, page } from './page.ts';
import { type TimelineEvent, timelineSection } from './timeline.ts';

/** The whole record of one feature: spec, plan, attempts with their proofs, and every event with its reason and its hash. */
export function runPage(state: FeatureState, timeline: readonly TimelineEvent[]) {
  const title = newestSpec(state)?.spec.title ?? state.request?.words ?? state.id;
  return page(
    title,
    html`
      <p><a href="/features">All features</a></p>
      <h1>${title}</h1>
      ${overview(state)} ${specSection(state)} ${planSection(state)}
      ${state.attempts.length === 0 ? '' : html`<h2>Attempts</h2>`}
      ${state.attempts.toReversed().map(attemptSection)} ${timelineSection(timeline)}
    `,
  );
}

/** Where it stands, as a person says it. */
export function phaseInWords(state: FeatureState): string {
  const { phase } = state;
  if (phase.kind === 'working') return workInWords(phase.on);
  if (phase.kind === 'proposed') return 'waiting for review of its pull request';
  return phase.kind.replaceAll('-', ' ');
}

function overview(state: FeatureState) {
  const { request, repository, pullRequest, spent, budget } = state;
  return html`<dl>
    <dt>Stands at</dt><dd>${phaseInWords(state)}</dd>
    ${request ? html`<dt>Asked for by</dt><dd>${request.by.name}, ${moment(request.at)}: “${request.words}”</dd>` : ''}
    <dt>Repository</dt>
    <dd>
      ${repository ? html`${repository.name}, ${repository.branch} at <code>${repository.commit.slice(0, 7)}</code>` : (state.repositoryName ?? 'not chosen yet')}
    </dd>
    ${
      pullRequest
        ? html`<dt>Pull request</dt>
          <dd>
            <a href="${pullRequest.url}">#${pullRequest.number}</a>${pullRequest.draft ? ', a draft,' : ''} at
            <code>${pullRequest.headSha.slice(0, 7)}</code>
          </dd>`
        : ''
    }
    <dt>Cost</dt>
    <dd>
      ${dollars(spent.dollars)}${budget === undefined ? '' : ` of ${dollars(budget)}`}
      (${spent.inputTokens} tokens in, ${spent.outputTokens} out)
    </dd>
    <dt>Record</dt><dd><code>${state.id}</code> · <a href="/features/${state.id}.json">as JSON</a></dd>
  </dl>`;
}

function specSection(state: FeatureState) {
  const version = newestSpec(state);
  if (!version) return '';
  const { spec } = version;
  const approval = state.specApproval;
  return html`<h2>Spec v${version.version}</h2>
    <p>${spec.goal}</p>
    <ul>
      ${spec.criteria.map((criterion) => html`<li><b>${criterion.id}</b> ${criterion.text}</li>`)}
    </ul>
    <p>Risk ${spec.risk.level}: ${spec.risk.because} Flag <code>${spec.flag}</code>.</p>
    <p class="muted">
      ${approval ? `v${approval.version} was approved by ${approval.by.name}, ${moment(approval.at)}.` : 'Not approved yet.'}
      Hash <code title="${version.hash}">${version.hash.slice(0, 12)}</code>
    </p>`;
}

function planSection({ plan, tests }: FeatureState) {
  if (!plan) return '';
  return html`<h2>Plan</h2>
    <p>${plan.plan.summary}</p>
    <table>
      <tr><th>task</th><th></th><th>files</th><th>criteria</th></tr>
      ${plan.plan.tasks.map(
        (task) =>
          html`<tr>
            <td class="short">${task.id}</td><td>${task.title}</td><td><code>${task.files.join(' ')}</code></td>
            <td>${task.criteria.join(', ')}</td>
          </tr>`,
      )}
    </table>
    <p class="digests">
      ${plan.approval ? `Approved by ${plan.approval.by.name}, ${moment(plan.approval.at)}. ` : ''}
      ${digest('context', plan.context)} ${tests ? digest('tests, written before the code', tests.change) : ''}
    </p>`;
}
