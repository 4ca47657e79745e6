import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { attentionOrder, problemAttentions } from '#contract/status.ts';
import { readWallInstance, type WallInstance } from '#contract/wall.ts';
import type { Shown } from './read-shown.ts';
import { describeAge, describeMoment, marks } from './words.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Seconds after which the page fetches itself anew. */
export const refreshEvery = 30;
const mostProblems = 100;

/** @param theme of the screen's options; a browser without script has no say in `auto` */
function layout(style: string, title: string, theme: 'dark' | 'light', content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta http-equiv="refresh" content="${refreshEvery}" />
        <title>${title}</title>
        <link rel="stylesheet" href="${style}" />
      </head>
      <body class="${theme}">
        ${content}
      </body>
    </html>`;
}

/** Counts and problems of a screen as of one moment. It reloads itself, and says so when that is in vain. */
export function plainPage(style: string, shown: Shown, now: number): Html {
  const { screen, wall, stale } = shown;
  const zone = screen.options.tz ?? wall.zone;
  const madeAt = Date.parse(wall.asOf);
  const instances = wall.instances.map(readWallInstance);
  const problems = instances.filter((one) => isProblem(one));
  const names = new Map(wall.customers);
  const title = stale === null ? screen.name : `STALE – ${screen.name}`;
  const theme = screen.options.theme === 'light' ? 'light' : 'dark';
  return layout(
    style,
    title,
    theme,
    html`${
        stale === null
          ? ''
          : html`<p class="stale" role="alert">
              DATA STALE since ${describeMoment(stale.since, zone)}: ${stale.reason}
            </p>`
      }
      <h1>${screen.name}</h1>
      <p class="made">
        As of ${describeMoment(madeAt, zone)}. Renewed every ${refreshEvery} seconds: if this is
        more than a minute ago, it is stale.
      </p>
      <div class="${stale === null ? '' : 'old'}">
        ${verdict(shown, problems.length)} ${countsOf(shown)} ${readyShare(shown)}
        ${
          problems.length === 0
            ? ''
            : html`<h2>Problems</h2>
                <table class="problems">
                  ${problems.slice(0, mostProblems).map((one) => problemRow(one, names, now))}
                </table>
                ${
                  problems.length > mostProblems
                    ? html`<p>… and ${problems.length - mostProblems} more.</p>`
                    : ''
                }`
        }
      </div>`,
  );
}

/** Says nothing of what might be at the address, or that nothing can be told of it now. */
export function plainNotice(style: string, heading: string, text: string): Html {
  const content = html`<h1>${heading}</h1>
    <p>${text}</p>`;
  return layout(style, heading, 'dark', content);
}

function verdict({ wall, stale }: Shown, problems: number): Html {
  const { total, archived, byAttention } = wall.counts;
  if (total === 0)
    return archived === 0
      ? html`<p class="clear quiet">Nothing has ever checked in here.</p>`
      : html`<p class="clear quiet">Nothing is in scope here any more.</p>`;
  if (stale !== null || problems > 0 || byAttention.ready === 0) return html``;
  const heard = total - byAttention.inactive - byAttention.unreported;
  if (heard < total) return html``;
  return html`<p class="clear good"><span class="mark">✓</span>All clear</p>`;
}

function countsOf({ wall: { counts } }: Shown): Html {
  const some = attentionOrder.filter((attention) => counts.byAttention[attention] > 0);
  const { total } = counts;
  return html`<p class="counts">
    <span class="count">
      <span class="number">${total}</span> ${total === 1 ? 'instance' : 'instances'}
    </span>
    ${some.map((attention) => {
      const { mark, word, tone } = marks[attention];
      return html`<span class="count ${tone}">
        <span class="number">${counts.byAttention[attention]}</span>
        <span class="mark">${mark}</span>${word}
      </span> `;
    })}
  </p>`;
}

/** Cut, not rounded: only all of them are 100 %. */
function readyShare({ wall: { counts } }: Shown): Html {
  const { ready, monitored } = counts;
  const share = monitored === 0 ? '–' : `${Math.floor((100 * ready) / monitored)} %`;
  return html`<p>Share ready, of those that are monitored: ${share} (${ready} of ${monitored})</p>`;
}

const problemWords = new Set<string>(problemAttentions);
const isProblem = ({ attention }: WallInstance) => problemWords.has(attention);

function problemRow(
  one: WallInstance,
  names: ReadonlyMap<number, string | null>,
  now: number,
): Html {
  const { mark, word, tone } = marks[one.attention];
  const since = one.presence === 'current' ? one.statusSince : one.presenceSince;
  const customer = names.get(one.customer) ?? `Customer ${one.customer}`;
  const known = one.presence === 'current' || one.status === null ? '' : `, last ${one.status}`;
  return html`<tr>
    <td class="${tone}"><span class="mark">${mark}</span>${word}${known}</td>
    <td>${customer}</td>
    <td>${one.label}</td>
    <td class="since">${since === null ? '' : `for ${describeAge(now - since)}`}</td>
  </tr>`;
}
