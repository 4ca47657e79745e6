import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Stage, openStage } from './stage.ts';

const test = suite<{ stage: Stage }>('content security policy');
test.before(async (context) => {
  context.stage = await openStage();
  await context.stage.report({
    instanceId: 'i-1',
    status: 'degraded',
    resources: [{ kind: 'deployment', name: 'web', state: 'degraded' }],
    tags: { name: 'one' },
    metrics: { users: 3 },
  });
});
test.after(({ stage }) => stage.close());

/** The address of every page, read from the dashboard's routes. */
function findPages(): string[] {
  const routes = fileURLToPath(new URL('../../dashboard/src/routes', import.meta.url));
  const values: Record<string, string> = { id: 'geeglo', instanceId: 'i-1' };
  const pages = readdirSync(routes, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /(^|\/)\+page\.svelte$/.test(file))
    .map((file) => file.replace(/\/?\+page\.svelte$/, '').replace(/\([^)]+\)\/?/g, ''))
    .map((path) => `/${path.replace(/\[(\w+)\]/g, (_, name: string) => values[name]!)}`);
  return [...new Set(pages), '/no/such/page'].sort();
}

const widgets = 'button[aria-haspopup], button[aria-expanded], [data-popover-trigger]';

for (const path of findPages()) {
  test(`nothing that ${path} does is against its policy`, async ({ stage }) => {
    // Faults that the page logs fail the suite at its end; here they are named.
    const page = await stage.open(path);
    const violations: string[] = [];
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) violations.push(message.text());
    });
    await page.waitForLoadState('networkidle').catch(() => undefined);
    for (const widget of await page.locator(widgets).all()) {
      await widget.click({ timeout: 1_000 }).catch(() => undefined);
      await page.keyboard.press('Escape');
    }
    await page.setViewportSize({ width: 500, height: 700 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(200);
    assert.equal(violations, []);
    await page.context().close();
  });
}

test('the policy is in force: a script in the page, a foreign one, text as code and foreign addresses are refused', async ({
  stage,
}) => {
  const page = await stage.open('/', { bypassCSP: false });
  // As text, since it speaks of the page's globals, which the tests do not have.
  const refused = await page.evaluate<{ seen: string[]; broken: boolean }>(`(async () => {
    const seen = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      seen.push(event.effectiveDirective),
    );
    const inline = document.createElement('script');
    inline.textContent = 'window.broken = true';
    const foreign = document.createElement('script');
    foreign.src = 'https://evil.example/x.js';
    document.head.append(inline, foreign);
    const button = document.createElement('button');
    button.setAttribute('onclick', 'window.broken = true');
    document.body.append(button);
    button.click();
    const frame = document.createElement('iframe');
    frame.src = 'https://evil.example/';
    const base = document.createElement('base');
    base.href = 'https://evil.example/';
    document.body.append(frame);
    setTimeout("window.broken = true");
    document.head.append(base);
    await fetch('https://evil.example/').catch(() => undefined);
    const rest = () => new Promise((resolve) => setTimeout(resolve, 300));
    await rest();
    for (let n = 0; n < 20 && new Set(seen).size < 6; n += 1) await rest();
    return { seen: [...new Set(seen)].sort(), broken: 'broken' in window };
  })()`);
  assert.equal(refused.broken, false);
  assert.equal(refused.seen, [
    'base-uri',
    'connect-src',
    'frame-src',
    'script-src',
    'script-src-attr',
    'script-src-elem',
  ]);
  stage.faults.splice(0);
  await page.context().close();
});

test.run();
