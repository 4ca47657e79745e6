import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import type { Beat } from '#contract/socket.ts';

/**
 * From the next load on the page runs a bundle that was built as `older`, from a server that says it runs the same. Hands
 * back what rolls the server's own build out: from then on all is as it comes from the server.
 */
export async function runOlderBuild(page: Page): Promise<() => void> {
  let isOlder = true;
  await page.route('**/wall/assets/*.js', async (route) => {
    if (!isOlder) return route.continue();
    const { url, build } = await serverOf(page);
    const answer = await route.fetch();
    const script = await answer.text();
    if (!script.includes(build)) return route.fulfill({ response: answer });
    assert.ok(route.request().url().startsWith(url));
    await route.fulfill({ response: answer, body: script.replaceAll(build, 'older') });
  });
  await page.routeWebSocket(/socket\.io/, (route) => {
    const far = route.connectToServer();
    route.onMessage((message) => far.send(message));
    far.onMessage((message) => {
      const text = message.toString();
      if (!isOlder || !text.startsWith('42["beat"')) return route.send(message);
      const [event, beat] = JSON.parse(text.slice(2)) as [string, Beat];
      route.send(`42${JSON.stringify([event, { ...beat, build: 'older' }])}`);
    });
  });
  return () => void (isOlder = false);
}

/** The build that the server names on its own page. */
async function serverOf(page: Page): Promise<{ url: string; build: string }> {
  const url = new URL(page.url()).origin;
  const answer = await page.context().request.get(`${url}/_app/version.json`);
  const { version } = (await answer.json()) as { version: string };
  return { url, build: version };
}
