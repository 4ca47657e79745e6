import { randomUUID } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from 'pino';
import { DatabaseError, openDatabase } from '#db/client.ts';
import { openAccounts, prepareFirstStart } from './accounts/index.ts';
import { createApp } from './app.ts';
import { startSpreading } from './catalog/index.ts';
import { loadKnownClouds } from './clouds/index.ts';
import { type Config, ConfigError, readConfig, readEnvironment } from './config.ts';
import { addressOf, answerHeaders, watchSenders } from './doors/index.ts';
import { openEars } from './ears.ts';
import { openFiles } from './files/index.ts';
import { createAdmission, createLicensees, ignoredHeaders, openIngest } from './ingest/index.ts';
import { createLog } from './log.ts';
import { loadKnownReleases } from './known-releases.ts';
import { createLive } from './live/index.ts';
import {
  createMetrics,
  createReadiness,
  type Metrics,
  openMetricsPort,
  watchRequests,
} from './operations/index.ts';
import { openPortal } from './portal/index.ts';
import { createRecorder } from './record-check-ins.ts';
import { closeDays, createReports, createWallReads } from './reports/index.ts';
import type { Change } from './live/publisher.ts';
import { openScreens } from './screens/index.ts';
import { findDashboard } from './static.ts';
import { announcementChannel, readAnnouncement } from './store/announce.ts';
import { readClock } from './store/clock.ts';
import { startSweeper } from './sweeper.ts';
import { openUnverified } from './unverified/index.ts';

const serverOptions = {
  /** Instances report all their nodes in one header. */
  maxHeaderSize: 256 * 1024,
  /** Longer than proxies keep their idle connections, so that none sends a request into one that closes. */
  keepAliveTimeout: 75_000,
  /** Who sends a request's head slower than this holds a connection for nothing; of bodies: `watchSenders`. */
  headersTimeout: 30_000,
  requestTimeout: 0,
};
/** Milliseconds that an orderly stop takes at most; of them, those in which what came in is answered. */
const shutdownLimit = 10_000;
const answerWithin = 4_000;

/** Composition root: config → database → store → live → app → listen → orderly shutdown. */
async function main(): Promise<void> {
  const config = readConfig(readEnvironment());
  const log = createLog(config);
  const database = await openDatabase(config);
  const { db } = database;
  const dashboard = findDashboard(join(import.meta.dirname, '../dashboard/build'));
  const build = dashboard?.build ?? 'development';

  const ears = await openEars(db, log);
  const releases = await loadKnownReleases(db);
  const licensees = createLicensees({ db });
  const heard = () => ears.spans(Date.now());
  const reports = createReports({ db, config, ears: heard, build });
  const accounts = await openAccounts({ db, config, log });
  const files = await openFiles({ db, config, log });
  const portal = openPortal({ db, config, log, files, passwords: accounts.passwords });
  const wall = createWallReads({ db, config, ears: heard, build });
  const screens = openScreens({ db, config, wall, build, log, doubt: () => live.doubt() });
  const setupLink = await prepareFirstStart({ db, config });

  const toRoutes = getRequestListener((request, env) => app.fetch(request, env));
  const headers = answerHeaders(config).flat();
  const http = createServer(serverOptions, (incoming, outgoing) => {
    // Instances first: nearly all requests are theirs.
    if (!ingest.door(incoming, outgoing, () => [...headers, 'X-Request-Id', randomUUID()]))
      void toRoutes(incoming, outgoing);
  });
  watchSenders(http);
  const requests = watchRequests(http);
  const metrics = createMetrics({ process: true });
  const readiness = createReadiness(db);
  const live = await createLive({
    http,
    reports,
    wall,
    config,
    build,
    guests: accounts.guests,
    screens: screens.door,
    log,
    probeDatabase: async () => void (await readClock(db)),
    told: (seconds) => metrics.told(seconds),
  });
  const publish = (change: Change) => live.publisher.publish(change);
  const unverified = openUnverified({ db, publish, log });
  const recorder = createRecorder({
    db,
    line: database.line,
    config,
    ears,
    releases,
    admitNewInstance: createAdmission(config),
    publish: (change) => {
      publish(change);
      unverified.notice(change);
    },
    committed: (checkIns, seconds) => metrics.committed(checkIns, seconds),
    log,
  });
  metrics.watch({
    waiting: () => recorder.stats().waiting,
    live: () => live.stats(),
    ignoredHeaders,
  });
  const clouds = await loadKnownClouds(db);
  const ingest = openIngest({
    db,
    config,
    recorder,
    licensees,
    clouds,
    addressOf: (incoming) => addressOf(incoming, config.trustProxy),
    tally: metrics,
    log,
  });
  const app = createApp({
    db,
    config,
    ears,
    releases,
    publish,
    ingest,
    unverified,
    metrics,
    readiness,
    accounts,
    reports,
    files,
    portal,
    screens,
    dashboard,
    log,
  });
  const closing = (limit: number) => closeDays({ db, config, ears: heard }, limit);
  const sweeper = startSweeper({ db, config, ears, publish, closeDays: closing, log });
  const spreading = startSpreading({ db, config, ears, releases, publish, log });
  const refreshClouds = () =>
    void clouds
      .refresh()
      .catch((error: unknown) => log.error({ err: error }, 'cannot read the cloud ranges again'));
  const catchUp = () => {
    spreading.wake();
    licensees.flush();
    refreshClouds();
    releases
      .refresh()
      .catch((error: unknown) => log.error({ err: error }, 'cannot read the releases again'))
      .finally(() => live.publisher.stale());
  };
  // Vendor edits of this and other processes, and imports.
  const hearAnnouncement = (payload: string) => {
    const said = readAnnouncement(payload);
    if (said?.kind === 'screen' || said?.kind === 'screens') return live.tellScreens(said);
    if (said?.kind === 'clouds') return refreshClouds();
    if (said?.kind !== 'customers') return catchUp();
    licensees.flush();
    live.publisher.edited(said.ids);
  };
  // After a broken connection some may have been missed.
  await database.listen(announcementChannel, hearAnnouncement, catchUp);

  await listen(http, config);
  log.info(`Rollcall listens on http://${config.host}:${config.port}`);
  if (setupLink !== null) tellSetupLink(setupLink);
  const metricsPort = await openMetrics(config, metrics, log);
  stopOnSignal(log, async () => {
    // Nobody new is let in; what is in hand is committed and answered; who watches is told; then the database closes.
    readiness.stop();
    await requests.close(answerWithin);
    await recorder.close();
    await sweeper.close();
    await unverified.close();
    files.close();
    portal.close();
    await spreading.close();
    await live.close();
    await screens.door.close();
    http.closeAllConnections();
    await metricsPort?.close();
    await ears.close();
    await database.close();
  });
}

/** For the person who started it, and past the log, which keeps secrets out. */
function tellSetupLink(link: string): void {
  process.stdout.write(
    `Nobody has an account yet. Within 24 hours the first owner is made at ${link}\n`,
  );
}

async function openMetrics(config: Config, metrics: Metrics, log: Logger) {
  const { metricsHost: host, metricsPort: port } = config;
  if (port === null) return null;
  const opened = await openMetricsPort({ host, port }, metrics, log);
  log.info(`The metrics are on http://${host}:${opened.port}/metrics`);
  return opened;
}

function listen(http: HttpServer, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
}

function stopOnSignal(log: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('the orderly stop took too long');
      process.exit(1);
    }, shutdownLimit).unref();
    stop().then(
      () => {
        log.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, 'the orderly stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

function isListenError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}

main().catch((error: unknown) => {
  // The start failed: one sentence for the person at the terminal, no stack, unless it is a fault of ours.
  const expected =
    error instanceof ConfigError || error instanceof DatabaseError || isListenError(error);
  process.stderr.write(
    expected ? `${(error as Error).message}\n` : `${String((error as Error).stack)}\n`,
  );
  process.exit(1);
});
