import { html } from 'hono/html';
import type { FeatureEvent } from '../domain/feature/events.ts';
import { bookkeeping } from '../domain/feature/events.ts';
import { dollars } from '../domain/feature/next.ts';
import type { RolloutEvent } from '../domain/rollout/events.ts';
import { digest, moment } from './page.ts';

/** An event as it is on record. */
export type TimelineEvent<Event = FeatureEvent | RolloutEvent> = {
  readonly seq: number;
  readonly event: Event;
  readonly by: string;
  readonly at: string;
  readonly hash: string;
};

/** What is only shown when it is asked for: what was drawn, and the single ticks of a rollout. */
const aside: ReadonlySet<string> = new Set([...bookkeeping, 'ticked']);

/** Everything that happened; single ticks and what only says which message was drawn can be shown as well. */
export function timelineSection(timeline: readonly TimelineEvent[]) {
  return html`<h2>Everything that happened</h2>
    <p><label><input type="checkbox" id="all" autocomplete="off" /> also every tick, and what was only drawn in Slack</label></p>
    <table>
      <tr><th>#</th><th>when</th><th>who</th><th>what</th><th>why</th><th>hash</th></tr>
      ${timeline.map(
        ({ seq, event, by, at, hash }) =>
          html`<tr class="${aside.has(event.type) ? 'aside' : ''}">
            <td class="short">${seq}</td><td class="short" title="${moment(at)}">${at.slice(11, 19)}</td>
            <td class="short">${by}</td><td class="short">${event.type.replaceAll('-', ' ')}</td>
            <td>${event.because} ${thoughtOf(event)}</td>
            <td class="short"><code title="${hash}">${hash.slice(0, 8)}</code></td>
          </tr>`,
      )}
    </table>`;
}

function thoughtOf(event: FeatureEvent | RolloutEvent) {
  if (!('thinking' in event) || event.thinking === undefined) return '';
  const { cost, prompt, answer } = event.thinking;
  return html`<br /><span class="digests">
      ${cost.model}, ${cost.inputTokens} tokens in, ${cost.outputTokens} out, ${dollars(cost.dollars)} ·
      ${digest('prompt', prompt)} ${digest('answer', answer)}
    </span>`;
}
