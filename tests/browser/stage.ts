import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Db } from '#db/client.ts';
import type { Environment } from '#server/config.ts';
import { launchChromium } from '../support/chromium.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds } from '../support/fleet.ts';
import { type TestServer, startServer } from '../support/server.ts';
import { browserCookies, signIn } from '../support/session.ts';

/** A real server with the small fleet's customers, and a browser before it. */
export interface Stage {
  server: TestServer;
  /** A page of its own, at a path of the dashboard. Every fault that it logs fails the test at `close`. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Sends reports of Geeglo's instances through the plain door. */
  report(...checkIns: object[]): Promise<void>;
  databaseUrl: string;
  /** What pages have logged so far that fails the test at `close`. */
  faults: string[];
  close(): Promise<void>;
}

const env = {
  REPORTS_PER_INSTANCE: '1000',
  REPORTS_PER_LICENSE: '10000',
  NEW_INSTANCES_BURST: '5000',
  LOG_LEVEL: 'warn',
};

interface StageOptions {
  /** False: nobody has an account yet, and pages show set-up. */
  accounts?: boolean;
  /** Puts into the database what the server is to find when it starts. */
  prepare?: (db: Db) => Promise<unknown>;
  /** Further settings of the server. */
  env?: Environment;
}

/** Its pages are those of the first owner. */
export async function openStage({
  accounts = true,
  prepare,
  env: more,
}: StageOptions = {}): Promise<Stage> {
  const database: FreshDatabase = await freshDatabase();
  await importFleet(database.db);
  await prepare?.(database.db);
  const nobody = { ADMIN_EMAIL: '', ADMIN_PASSWORD: '' };
  const server = await startServer({
    databaseUrl: database.open.url,
    env: { ...env, ...(accounts ? {} : nobody), ...more },
  });
  const browser: Browser = await launchChromium();
  const cookies = accounts ? browserCookies(await signIn(server.url), server.url) : [];
  const faults: string[] = [];
  return {
    server,
    databaseUrl: database.open.url,
    faults,
    async open(path, options = {}) {
      const viewport = { width: 1440, height: 900 };
      const context = await browser.newContext({ viewport, ...options });
      await context.addCookies(cookies);
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`));
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) faults.push(message.text());
      });
      await page.goto(server.url + path);
      return page;
    },
    async report(...checkIns) {
      const response = await fetch(`${server.url}/api/check-ins`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${licenseIds.geeglo}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(checkIns),
      });
      assert.equal(response.status, 200, await response.text());
    },
    async close() {
      await browser.close();
      await server.stop();
      await database.close();
      assert.deepEqual(faults, []);
    },
  };
}

/** Waits for what no locator can tell. A function in the page would need what the page's policy forbids. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `It did not come true: ${String(holds)}`);
    await sleep(50);
  }
}

/** Lets the page draw twice: a dialog that closes is gone with the frame after. */
export const drawTwice = (page: Page) =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

/** The row of an instance in any list. */
export const rowOf = (page: Page, name: string) =>
  page.locator('.instance-row', { has: page.locator('a.name', { hasText: name }) });

/** The row of a customer in the list of customers. */
export const customerRowOf = (page: Page, name: string) =>
  page.locator('.customer-row', { has: page.locator('a.name', { hasText: name }) });
