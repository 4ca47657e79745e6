import { type Context, Hono } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { Db } from '#db/client.ts';
import { type AccountEnv, type Accounts, demandMetrics, requires } from './accounts/index.ts';
import { catalogRoutes } from './catalog/index.ts';
import type { Config } from './config.ts';
import { customerRoutes } from './customers/index.ts';
import { apiDoor, frontDoor } from './doors/index.ts';
import { AppError } from './errors.ts';
import type { Files } from './files/index.ts';
import type { Ingest } from './ingest/index.ts';
import { type InstanceDeps, instanceRoutes } from './instances/index.ts';
import { type OperationsDeps, operationsRoutes } from './operations/index.ts';
import type { Portal } from './portal/index.ts';
import { type Reports, reportRoutes } from './reports/index.ts';
import type { Screens } from './screens/index.ts';
import { type Dashboard, staticRoutes } from './static.ts';
import type { Unverified } from './unverified/index.ts';

export interface AppDeps extends InstanceDeps {
  db: Db;
  config: InstanceDeps['config'] & Pick<Config, 'publicUrl' | 'trustProxy' | 'metricsPort'>;
  ingest: Pick<Ingest, 'routes'>;
  unverified: Pick<Unverified, 'routes'>;
  metrics: OperationsDeps['metrics'];
  readiness: OperationsDeps['readiness'];
  accounts: Accounts;
  reports: Reports;
  files: Pick<Files, 'routes'>;
  portal: Pick<Portal, 'routes' | 'apiRoutes'>;
  screens: Screens;
  /** The built dashboard; null: only the API is served. */
  dashboard: Omit<Dashboard, 'build'> | null;
  log: Logger;
}

/** The whole route table and the one error handler. Never listens: tests call `app.request`. */
export function createApp(deps: AppDeps): Hono<AccountEnv> {
  const app = new Hono<AccountEnv>();
  app.route('/', frontDoor(deps));
  app.onError((error, c) => answerError(error, c, deps.log));

  app.route('/', deps.ingest.routes);
  app.route('/', deps.unverified.routes);
  app.route('/', apiDoor(deps));
  const { accounts } = deps;
  // On a port of its own it asks nobody.
  const guardMetrics = deps.config.metricsPort === null ? demandMetrics : null;
  app.use('/metrics', accounts.identify);
  app.route('/', operationsRoutes({ ...deps, guardMetrics }));

  app.route('/', deps.portal.routes);
  app.route('/', deps.screens.plainRoutes);
  app.use('/api/*', accounts.identify);
  app.route('/', accounts.openRoutes);
  app.route('/', deps.screens.openRoutes);
  // The floor: a route that forgets its guard is still closed to strangers.
  app.use('/api/*', requires('read'));
  app.route('/', accounts.routes);
  app.route('/', reportRoutes(deps.reports));
  app.route('/', deps.files.routes);
  app.route('/', deps.portal.apiRoutes);
  app.route('/', deps.screens.routes);
  app.route('/', catalogRoutes(deps));
  app.route('/', customerRoutes(deps));
  app.route('/', instanceRoutes(deps));
  app.all('/api/*', () => {
    throw new AppError('not_found', 'There is no such address in the API.');
  });
  if (deps.dashboard) app.route('/', staticRoutes(deps.dashboard));
  app.notFound((c) => c.text('Not found.', 404));
  return app;
}

/** One error body everywhere; what is unknown says nothing of the inside. */
function answerError(error: Error, c: Context<AccountEnv>, log: Logger): Response {
  const known = error instanceof AppError ? error : null;
  const requestId = c.get('requestId');
  if (!known) {
    const route = { method: c.req.method, route: routePath(c) };
    log.error({ err: error, ...route, requestId }, 'a request failed');
  }
  const code = known?.code ?? 'internal';
  const message = known?.message ?? 'Something went wrong on the server; its log has the details.';
  c.header('Cache-Control', 'no-store');
  if (known?.retryAfter) c.header('Retry-After', String(Math.ceil(known.retryAfter)));
  return c.json({ error: { code, message, requestId } }, known?.status ?? 500);
}
