import { html } from 'hono/html';
import type { Assets } from '../assets.ts';
import { type Html, layout } from './layout.ts';

/** Says nothing of what might be at the address. */
export function closedPage(assets: Assets): Html {
  return layout(assets, {
    title: 'Not found',
    portal: null,
    content: html`<div class="card">
      <h1>There is nothing here</h1>
      <p>Check the address, or ask whoever gave it to you for the right one.</p>
    </div>`,
  });
}

/** @param text one sentence */
export function errorPage(assets: Assets, text: string): Html {
  return layout(assets, {
    title: 'That did not work',
    portal: null,
    content: html`<div class="card">
      <h1>That did not work</h1>
      <p role="alert">${text}</p>
    </div>`,
  });
}
