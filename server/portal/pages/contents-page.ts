import { html } from 'hono/html';
import type { OpenPortal } from '#server/store/portal-visits.ts';
import type { Desk } from '../desk.ts';
import type { Contents } from '../read-contents.ts';
import { describeDay } from './format.ts';
import { instructionsPart } from './instructions-part.ts';
import { type Html, layout } from './layout.ts';
import { releasePart } from './release-part.ts';

type Shown = Pick<Desk, 'assets' | 'config'>;

/** All that a customer finds in its portal. */
export function contentsPage(desk: Shown, portal: OpenPortal, contents: Contents): Html {
  const { app, customerName, slug } = portal;
  const logOut = html`<form method="post" action="/portal/${slug}/logout">
    <button type="submit">Log out</button>
  </form>`;
  return layout(desk.assets, {
    title: `${app.name} – Downloads for ${customerName}`,
    portal,
    wide: true,
    aside: logOut,
    content: html`<h1 class="visually-hidden">${app.name} downloads for ${customerName}</h1>
      ${contents.isFirstPage ? licensePart(desk, portal, contents) : ''}
      ${contents.isFirstPage ? instructionsPart(contents.instructions) : ''}
      ${releasesPart(desk, portal, contents)}`,
  });
}

function licensePart({ config }: Shown, { app, slug }: OpenPortal, contents: Contents): Html {
  const { now, license } = contents;
  const { expiresAt } = license;
  const isOver = expiresAt !== null && expiresAt <= now;
  const day = expiresAt === null ? '' : describeDay(expiresAt, config.zone);
  const standing =
    expiresAt === null ? 'Never expires' : isOver ? `Expired on ${day}` : `Expires on ${day}`;
  return html`<section class="card" aria-labelledby="license">
    <div class="row">
      <div>
        <h2 id="license">License file</h2>
        <p class="under">
          <span class="${isOver ? 'mark over' : ''}">${standing}</span>
          <span aria-hidden="true">·</span> <span class="mono">${license.fileName}</span>
        </p>
      </div>
      <a class="button" href="/portal/${slug}/license" download>Download license</a>
    </div>
    ${
      isOver
        ? html`<p class="fault">
            This license has expired, and instances of ${app.name} that use it are refused. Once it
            is renewed, download it again.
          </p>`
        : ''
    }
  </section>`;
}

function releasesPart({ config }: Shown, portal: OpenPortal, contents: Contents): Html {
  const { releases, license, isFirstPage, next } = contents;
  const { slug } = portal;
  return html`<section aria-labelledby="releases">
    <h2 id="releases" class="title">
      ${isFirstPage ? 'Releases' : 'Older releases'}
      <span class="chip">${license.channelName}</span>
    </h2>
    ${
      releases.length === 0
        ? html`<p class="card empty">
            There is no release on the channel ${license.channelName} yet.
          </p>`
        : releases.map((release, index) =>
            releasePart(release, { slug, zone: config.zone, isLatest: isFirstPage && index === 0 }),
          )
    }
    ${
      isFirstPage && next === null
        ? ''
        : html`<nav aria-label="Pages">
            ${isFirstPage ? '' : html`<a href="/portal/${slug}">Newest releases</a>`}
            ${next === null ? '' : html`<a href="/portal/${slug}?before=${next}">Older releases</a>`}
          </nav>`
    }
  </section>`;
}
