import { html } from 'hono/html';
import type { InstallStep } from '#contract/customers.ts';
import type { Contents } from '../read-contents.ts';
import type { Html } from './layout.ts';

/** How the latest release is installed; nothing where the vendor has not said it yet. */
export function instructionsPart(instructions: Contents['instructions']): Html | '' {
  const { online = [], airGap = null } = instructions ?? {};
  const isAirGap = airGap !== null && airGap.length > 0;
  if (online.length === 0 && !isAirGap) return '';
  return html`<section class="card" aria-labelledby="install">
    <h2 id="install">Install</h2>
    ${online.length > 0 ? way(isAirGap ? 'With internet access' : null, online, true) : ''}
    ${isAirGap ? way('Air gap', airGap, online.length === 0) : ''}
  </section>`;
}

function way(title: string | null, steps: InstallStep[], isOpen: boolean): Html {
  const list = html`<ol class="steps">
    ${steps.map(
      ({ title, commands }) =>
        html`<li>
          <div class="step">
            <span>${title}</span>
            <button type="button" class="copy" data-copy="${commands}" hidden>
              Copy<span class="visually-hidden">: ${title}</span>
            </button>
          </div>
          <pre><code>${commands}</code></pre>
        </li>`,
    )}
  </ol>`;
  if (title === null) return list;
  return html`<details ${isOpen ? 'open' : ''}>
    <summary><h3>${title}</h3></summary>
    ${list}
  </details>`;
}
