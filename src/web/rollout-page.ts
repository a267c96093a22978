import { html } from 'hono/html';
import type { MetricSettings } from '../domain/rollout/settings.ts';
import { environmentNow, type RolloutState } from '../domain/rollout/state.ts';
import { moment, page } from './page.ts';
import { type TimelineEvent, timelineSection } from './timeline.ts';

/** The whole record of one rollout: plan, rehearsal, stages, evidence, and every event with its reason and its hash. */
export function rolloutPage(state: RolloutState, timeline: readonly TimelineEvent[]) {
  const title = `Rollout of ${state.flag}`;
  const ticked = Object.keys(state.evidence).length > 0;
  return page(
    title,
    html`
      <p><a href="/features">All features and rollouts</a></p>
      <h1>${title}</h1>
      ${overview(state)}
      ${ticked ? html`<p><img src="/rollouts/${state.id}/chart.png" alt="Exposed users against the others over time" style="max-width: 100%" /></p>` : ''}
      ${stageSection(state)} ${metricSection(state)} ${rehearsalSection(state)} ${timelineSection(timeline)}
    `,
  );
}

/** Where it stands, as a person says it. */
export function rolloutInWords(state: RolloutState): string {
  const { phase, wanted } = state;
  const place = `${wanted.percent} % of ${environmentNow(state) ?? 'an environment'}`;
  switch (phase.kind) {
    case 'new':
      return 'not begun';
    case 'planned':
      return phase.waitsFor ? `waits: ${phase.waitsFor.because}` : 'planned';
    case 'rehearsing':
      return 'rehearsing the way back';
    case 'ramping':
      return place;
    case 'holding':
      return `holds at ${place}: ${phase.because}`;
    case 'halted':
      return `halted: ${phase.because}`;
    case 'rolled-back':
      return `rolled back by ${phase.by.name}`;
    case 'finished':
      return 'finished: 100 %';
  }
}

function overview(state: RolloutState) {
  const { origin, owner, off, plan, planHash } = state;
  return html`<dl>
    <dt>Stands at</dt><dd>${rolloutInWords(state)}</dd>
    ${state.title === undefined ? '' : html`<dt>Feature</dt><dd>${state.title}</dd>`}
    ${origin?.kind === 'feature' ? html`<dt>From</dt><dd><a href="/features/${origin.feature}">${origin.feature}</a></dd>` : ''}
    <dt>Owner</dt><dd>${owner?.name ?? ''}</dd>
    ${plan ? html`<dt>Promises</dt><dd>at most ${percent(plan.alpha)} chance of a false halt; at most ${percent(plan.beta)} of an advance while the harm is at the tolerance</dd>` : ''}
    ${off?.doneAt === undefined ? '' : html`<dt>Switched off</dt><dd>${moment(off.doneAt)}${off.clientsOffAt === undefined ? '' : `, obeyed by all clients at ${moment(off.clientsOffAt)}`}</dd>`}
    <dt>Record</dt>
    <dd>
      <code>${state.id}</code> · <a href="/rollouts/${state.id}.json">as JSON</a> ·
      <a href="/rollouts/${state.id}/ticks.jsonl">its ticks</a>, for <code>slipway rollout replay</code>
      ${planHash === undefined ? '' : html` · settings <code title="${planHash}">${planHash.slice(0, 8)}</code>`}
    </dd>
  </dl>`;
}

function stageSection({ stages }: RolloutState) {
  if (stages.length === 0) return '';
  return html`<h2>Stages</h2>
    <table>
      <tr><th>environment</th><th>share</th><th>from</th><th>to</th><th>left</th><th>why</th></tr>
      ${stages.map(
        (stage) =>
          html`<tr>
            <td>${stage.environment}</td><td class="short">${stage.percent} %</td><td class="short">${moment(stage.from)}</td>
            <td class="short">${stage.to === undefined ? '' : moment(stage.to)}</td><td class="short">${stage.left ?? ''}</td>
            <td>${stage.because ?? ''}</td>
          </tr>`,
      )}
    </table>`;
}

function metricSection({ plan, evidence }: RolloutState) {
  if (!plan) return '';
  return html`<h2>Metrics</h2>
    <table>
      <tr><th>metric</th><th>kind</th><th>log E (harm)</th><th>log S (safe)</th><th>noise</th><th>what is counted</th></tr>
      ${plan.metrics.map((metric) => {
        const found = evidence[metric.name];
        return html`<tr>
          <td>${metric.name}</td><td>${metric.kind}</td><td class="short">${found ? found.harm.logE.toFixed(3) : ''}</td>
          <td class="short">${found ? found.safety.logS.toFixed(3) : ''}</td>
          <td title="${found?.phiBecause ?? ''}">${found ? found.phi.toFixed(2) : ''}</td>
          <td><code>${selectorsOf(metric)}</code></td>
        </tr>`;
      })}
    </table>`;
}

function selectorsOf({ source }: MetricSettings): string {
  switch (source.type) {
    case 'events':
      return `${source.bad} of ${source.total}`;
    case 'latency':
      return `${source.buckets} above ${source.boundaries.join(', ')}`;
    case 'gauge':
      return source.value;
  }
}

function rehearsalSection({ rehearsal }: RolloutState) {
  if (!rehearsal) return '';
  return html`<h2>Rehearsal of the way back</h2>
    <ul>
      ${rehearsal.checks.map(({ name, ok, detail }) => html`<li class="${ok ? 'green' : 'red'}"><b>${name}</b> ${detail}</li>`)}
    </ul>`;
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(fraction < 0.01 ? 2 : 1).replace(/\.0+$/, '')} %`;
}
