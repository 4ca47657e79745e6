import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { OpenPortal } from '#server/store/portal-visits.ts';
import { type Assets, themeOf } from '../assets.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

interface Page {
  title: string;
  /** Null: it is nobody's portal, or not known whose. */
  portal: OpenPortal | null;
  /** Whether its content wants room. */
  wide?: boolean;
  /** At the right end of the head. */
  aside?: Html;
  content: Html;
}

/** A whole page. It reads and works without its script. */
export function layout(assets: Assets, { title, portal, wide, aside, content }: Page): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="${assets.style}" />
        <link rel="stylesheet" href="${themeOf(portal?.app.accentColor ?? null)}" />
        ${portal?.app.logo ? html`<link rel="icon" href="${logoOf(portal)}" />` : ''}
        <script src="${assets.script}" defer></script>
      </head>
      <body class="${wide ? 'wide' : 'narrow'}">
        ${portal ? head(portal, aside) : ''}
        <main>${content}</main>
      </body>
    </html>`;
}

function head(portal: OpenPortal, aside: Html | undefined): Html {
  const { app, customerName } = portal;
  return html`<header>
    <div class="brand">
      ${app.logo ? html`<img src="${logoOf(portal)}" alt="" height="36" />` : ''}
      <div class="names">
        <span class="app">${app.name}</span>
        <span class="whose">Downloads for ${customerName}</span>
      </div>
    </div>
    ${aside ?? ''}
  </header>`;
}

const logoOf = ({ slug, app }: OpenPortal) => `/portal/${slug}/logo/${app.logo}`;

/** HTML that is known to be safe. */
export const safe = (text: string): HtmlEscapedString => raw(text);
