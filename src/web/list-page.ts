import { html } from 'hono/html';
import { dollars } from '../domain/feature/next.ts';
import type { FeatureState } from '../domain/feature/state.ts';
import { newestSpec } from '../domain/feature/state.ts';
import type { RolloutState } from '../domain/rollout/state.ts';
import { page } from './page.ts';
import { rolloutInWords } from './rollout-page.ts';
import { phaseInWords } from './run-page.ts';

/** All features and all rollouts, the newest first. */
export function listPage(features: readonly FeatureState[], rollouts: readonly RolloutState[]) {
  return page(
    'Features',
    html`<h1>Features</h1>
      ${
        features.length === 0
          ? html`<p>None yet. Ask for one in Slack with <code>/feature</code>.</p>`
          : html`<table>
            <tr><th>feature</th><th>repository</th><th>asked for by</th><th>stands at</th><th>spent</th></tr>
            ${features.map(
              (state) =>
                html`<tr>
                  <td><a href="/features/${state.id}">${newestSpec(state)?.spec.title ?? state.request?.words ?? state.id}</a></td>
                  <td>${state.repository?.name ?? state.repositoryName ?? ''}</td>
                  <td>${state.request?.by.name ?? ''}</td><td>${phaseInWords(state)}</td>
                  <td class="short">${dollars(state.spent.dollars)}</td>
                </tr>`,
            )}
          </table>`
      }
      ${rollouts.length === 0 ? '' : html`<h1>Rollouts</h1>${rolloutTable(rollouts)}`}`,
  );
}

function rolloutTable(rollouts: readonly RolloutState[]) {
  return html`<table>
    <tr><th>flag</th><th>feature</th><th>owner</th><th>stands at</th></tr>
    ${rollouts.map(
      (state) =>
        html`<tr>
          <td><a href="/rollouts/${state.id}">${state.flag}</a></td><td>${state.title ?? ''}</td>
          <td>${state.owner?.name ?? ''}</td><td>${rolloutInWords(state)}</td>
        </tr>`,
    )}
  </table>`;
}
