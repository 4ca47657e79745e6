import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import { type AccountEnv, openAccounts } from '#server/accounts/index.ts';
import { createApp } from '#server/app.ts';
import { type Environment, readConfig } from '#server/config.ts';
import { openFiles } from '#server/files/index.ts';
import { loadKnownClouds } from '#server/clouds/index.ts';
import { addressOf } from '#server/doors/index.ts';
import { createLicensees, openIngest } from '#server/ingest/index.ts';
import type { Change } from '#server/live/publisher.ts';
import { createMetrics, createReadiness, type Metrics } from '#server/operations/index.ts';
import { openPortal } from '#server/portal/index.ts';
import { createReports, createWallReads } from '#server/reports/index.ts';
import { openScreens } from '#server/screens/index.ts';
import { findDashboard } from '#server/static.ts';
import { openUnverified } from '#server/unverified/index.ts';
import { type FreshDatabase, freshDatabase } from './database.ts';
import { importFleet } from './fleet.ts';
import { openSpine, silentLog } from './spine.ts';

export interface TestApp {
  app: Hono<AccountEnv>;
  fresh: FreshDatabase;
  metrics: Metrics;
  dataDir: string;
  /** What was published, in order. */
  changes: Change[];
  close(): Promise<void>;
}

/** The whole application over a real database with the small fleet, without a socket: tests call `app.request`. */
export async function openApp(
  options: {
    env?: Environment;
    log?: Logger;
    clock?: () => number;
    doubt?: () => string | null;
  } = {},
): Promise<TestApp> {
  const fresh = await freshDatabase();
  await importFleet(fresh.db);
  const { db } = fresh;
  const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-app-'));
  const config = readConfig({
    DATA_DIR: dataDir,
    REPORTS_PER_INSTANCE: '100000',
    REPORTS_PER_LICENSE: '1000000',
    ...options.env,
  });
  const log = options.log ?? silentLog;
  const spine = await openSpine(db);
  const dashboard = findDashboard(
    join(fileURLToPath(new URL('../..', import.meta.url)), 'dashboard/build'),
  );
  const metrics = createMetrics();
  const files = await openFiles({ db, config, log });
  const accounts = await openAccounts({ db, config, log, clock: options.clock });
  const { passwords } = accounts;
  const portal = openPortal({ db, config, log, files, passwords, clock: options.clock });
  const ingest = openIngest({
    db,
    config,
    recorder: spine.recorder,
    licensees: createLicensees({ db }),
    clouds: await loadKnownClouds(db),
    addressOf: (incoming) => addressOf(incoming, config.trustProxy),
    tally: metrics,
    log,
  });
  const reading = { db, config, ears: () => [], build: 'test' };
  const wall = createWallReads(reading);
  const screens = openScreens({
    ...reading,
    wall,
    log,
    clock: options.clock,
    doubt: options.doubt,
  });
  const publish = (change: Change) => void spine.changes.push(change);
  const unverified = openUnverified({ db, publish, log, clock: options.clock });
  const app = createApp({
    db,
    config,
    ears: spine.ears,
    releases: spine.releases,
    publish,
    ingest,
    unverified,
    metrics,
    readiness: createReadiness(db),
    accounts,
    reports: createReports(reading),
    files,
    portal,
    screens,
    dashboard,
    log,
  });
  return {
    app,
    fresh,
    metrics,
    dataDir,
    changes: spine.changes,
    async close() {
      await unverified.close();
      files.close();
      portal.close();
      await spine.close();
      await fresh.close();
      await rm(dataDir, { recursive: true });
    },
  };
}
