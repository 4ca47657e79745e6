import { test } from 'uvu';
import { launchChromium } from '../support/chromium.ts';
import { freshDatabase } from '../support/database.ts';
import { startServer } from '../support/server.ts';

test("a demo's visitor is in at once, may leave, and finds the way back without a password", async () => {
  const database = await freshDatabase();
  const server = await startServer({
    databaseUrl: database.open.url,
    env: { DEMO: 'true', ADMIN_EMAIL: '', ADMIN_PASSWORD: '' },
  });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.url}/account`);
    await page.getByText('visitor@demo.invalid').waitFor();
    await page.getByRole('button', { name: /^Account menu/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    const enter = page.getByRole('button', { name: 'Enter the demo' });
    await enter.waitFor();
    await page.reload();
    await enter.click();
    await page.getByRole('heading', { name: 'Fleet' }).waitFor();
  } finally {
    await browser.close();
    await server.stop();
    await database.close();
  }
});

test.run();
