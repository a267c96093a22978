import { html, raw } from 'hono/html';
import { dollars, workInWords } from '../domain/feature/next.ts';
import type { Attempt, FeatureState } from '../domain/feature/state.ts';
import { newestSpec } from '../domain/feature/state.ts';

/** What the run page needs of an event. */
export type TimelineEvent = {
  readonly seq: number;
  readonly type: string;
  readonly because: string;
  readonly by: string;
  readonly at: string;
  readonly hash: string;
};

const styles = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d1c1d; }
  h1 { font-size: 1.4rem; margin-bottom: .2rem; } h2 { font-size: 1.05rem; margin-top: 2rem; }
  table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #e5e5e5; vertical-align: top; }
  th { font-weight: 600; color: #616061; } code { font-size: .85em; color: #616061; } .red { color: #b3261e; } .green { color: #17603a; }
  .muted { color: #616061; }
`;

function page(title: string, body: unknown) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>${raw(styles)}</style>
      </head>
      <body>${body}</body>
    </html>`;
}

/** The whole record of one feature: spec, proof, and every event with its reason and its hash. */
export function runPage(state: FeatureState, timeline: readonly TimelineEvent[]) {
  const spec = newestSpec(state);
  const title = spec?.spec.title ?? state.request?.words ?? state.id;
  return page(
    `${title} · Slipway`,
    html`
      <h1>${title}</h1>
      <p class="muted">
        ${state.id} · ${state.repository?.name ?? state.repositoryName ?? 'no repository yet'} · asked for by
        ${state.request?.by.name ?? 'nobody'} · ${phaseInWords(state)} · ${dollars(state.spent.dollars)} spent
      </p>
      ${spec ? specSection(state) : ''} ${state.attempts.map(proofSection)}
      <h2>Everything that happened</h2>
      <table>
        <tr><th>#</th><th>when</th><th>who</th><th>what</th><th>why</th><th>hash</th></tr>
        ${timeline.map(
          (event) =>
            html`<tr>
              <td>${event.seq}</td><td>${event.at}</td><td>${event.by}</td><td>${event.type}</td>
              <td>${event.because}</td><td><code>${event.hash.slice(0, 12)}</code></td>
            </tr>`,
        )}
      </table>
    `,
  );
}

function phaseInWords(state: FeatureState): string {
  const { phase } = state;
  return phase.kind === 'working' ? workInWords(phase.on) : phase.kind.replaceAll('-', ' ');
}

function specSection(state: FeatureState) {
  const version = newestSpec(state);
  if (!version) return '';
  const approval = state.specApproval;
  return html`<h2>Spec v${version.version}</h2>
    <p>${version.spec.goal}</p>
    <ul>
      ${version.spec.criteria.map((criterion) => html`<li><b>${criterion.id}</b> ${criterion.text}</li>`)}
    </ul>
    <p class="muted">
      ${approval ? `Approved by ${approval.by.name} at ${approval.at}.` : 'Not approved yet.'} Hash
      <code>${version.hash}</code>
    </p>`;
}

function proofSection(attempt: Attempt) {
  const { proof } = attempt;
  if (!proof) return '';
  return html`<h2>Proof of attempt ${attempt.number}: ${proof.verdict}</h2>
    <p>${proof.because}</p>
    <table>
      <tr><th>criterion</th><th>test</th><th>base</th><th>this change</th></tr>
      ${proof.criteria.map(
        (criterion) =>
          html`<tr>
            <td>${criterion.id}</td><td>${criterion.test}</td>
            <td class="${criterion.base}">${criterion.base}</td><td class="${criterion.head}">${criterion.head}</td>
          </tr>`,
      )}
    </table>`;
}

/** All features, the newest first. */
export function listPage(features: readonly FeatureState[]) {
  return page(
    'Features · Slipway',
    html`<h1>Features</h1>
      <table>
        <tr><th>feature</th><th>asked for by</th><th>stands at</th><th>spent</th></tr>
        ${features.map(
          (state) =>
            html`<tr>
              <td><a href="/features/${state.id}">${newestSpec(state)?.spec.title ?? state.request?.words ?? state.id}</a></td>
              <td>${state.request?.by.name ?? ''}</td><td>${phaseInWords(state)}</td>
              <td>${dollars(state.spent.dollars)}</td>
            </tr>`,
        )}
      </table>`,
  );
}
