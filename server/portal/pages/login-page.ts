import { html } from 'hono/html';
import type { OpenPortal } from '#server/store/portal-visits.ts';
import type { Assets } from '../assets.ts';
import { describeWait } from './format.ts';
import { type Html, layout } from './layout.ts';

export interface LoginNotice {
  /** One sentence. */
  text: string;
  /** Seconds until another try is let through; null: it is now. */
  retryAfter: number | null;
}

export function loginPage(assets: Assets, portal: OpenPortal, notice: LoginNotice | null): Html {
  const retryAfter = notice?.retryAfter ?? null;
  const when = retryAfter === null ? '' : ` Try again in ${describeWait(retryAfter)}.`;
  const words = notice === null ? undefined : notice.text + when;
  return layout(assets, {
    title: `${portal.app.name} – Log in`,
    portal,
    content: html`<form class="card" method="post" action="/portal/${portal.slug}/login">
      <h1>Log in</h1>
      <p>Enter the password that you were given with this address.</p>
      ${words === undefined ? '' : html`<p class="fault" id="fault" role="alert">${words}</p>`}
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        maxlength="200"
        required
        autofocus
        ${words === undefined ? '' : html`aria-describedby="fault"`}
      />
      <button class="primary" type="submit">Log in</button>
    </form>`,
  });
}
