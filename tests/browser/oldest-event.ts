import type { Page } from 'playwright-core';

/** The first event of an instance's history, read page after page as the page's own session may. */
export const oldestEvent = (page: Page, path: string): Promise<{ id: number; at: string }> =>
  page.evaluate(`(async () => {
    let cursor = '';
    let last;
    do {
      const read = await fetch('/api${path}/events' + cursor).then((answer) => answer.json());
      last = read.events.at(-1);
      cursor = read.next === null ? '' : '?cursor=' + encodeURIComponent(read.next);
    } while (cursor !== '');
    return { id: last.id, at: last.at };
  })()`);
