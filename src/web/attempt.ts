import { html } from 'hono/html';
import type { Attempt, AttemptProof } from '../domain/feature/state.ts';
import { digest } from './page.ts';

const inWords = { pass: 'proved', fail: 'not proved', unknown: 'could not be proved' } as const;
const severities = { block: '✖', review: '⚠ for the reviewer', note: 'note' } as const;

/** One attempt: who wrote it from what, and everything its proof found. */
export function attemptSection(attempt: Attempt) {
  const { number, scope, models, contexts, change, proof } = attempt;
  return html`<section class="attempt ${proof?.verdict ?? ''}">
    <h3>Attempt ${number}: ${proof ? inWords[proof.verdict] : 'not run yet'}</h3>
    <p class="muted">
      ${scope === 'all' ? 'Every task, from the base commit' : 'Mends the attempt before it'}${models.length > 0 ? ` · written by ${models.join(', ')}` : ''}${proof ? ` · proof took ${Math.max(1, Math.round(proof.milliseconds / 1000))} s` : ''}
    </p>
    <p class="digests">
      ${contexts.map((sha, index) => digest(`context ${index + 1}`, sha))}
      ${change === undefined ? '' : digest('change', change)}
      ${proof ? digest('whole report', proof.report) : ''}
    </p>
    ${proof ? proofOf(proof) : ''}
  </section>`;
}

function proofOf(proof: AttemptProof) {
  return html`<p>${proof.because}</p>
    ${
      proof.criteria.length === 0
        ? ''
        : html`<table>
          <tr><th>criterion</th><th>test</th><th>base</th><th>this change</th></tr>
          ${proof.criteria.map(
            ({ id, test, base, head }) =>
              html`<tr>
                <td class="short">${id}</td><td>${test}</td>
                <td class="short ${base}">${base}</td><td class="short ${head}">${head}</td>
              </tr>`,
          )}
        </table>`
    }
    ${
      proof.failures.length === 0
        ? ''
        : html`<h3>What failed</h3>
          ${proof.failures.map(({ test, message }) => html`<p><b>${test}</b></p><pre>${message}</pre>`)}`
    }
    ${
      proof.checks.length + proof.findings.length === 0
        ? ''
        : html`<table>
          <tr><th>check or gate</th><th>verdict</th><th>because</th></tr>
          ${proof.checks.map(
            ({ name, verdict, because }) =>
              html`<tr>
                <td class="short">${name}</td>
                <td class="short ${verdict === 'pass' ? 'green' : 'red'}">${verdict}</td><td>${because}</td>
              </tr>`,
          )}
          ${proof.findings.map(
            ({ gate, severity, path, line, because }) =>
              html`<tr>
                <td class="short">${gate}</td><td class="short">${severities[severity]}</td>
                <td>${path === undefined ? '' : html`<code>${path}${line === undefined ? '' : `:${line}`}</code> `}${because}</td>
              </tr>`,
          )}
        </table>`
    }`;
}
