import { Hono } from 'hono';
import { requestId, type RequestIdVariables } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { AppError } from './errors.ts';
import { type IngestDeps, ingestRoutes } from './ingest/index.ts';
import { type Reports, reportRoutes } from './reports/index.ts';
import { staticRoutes } from './static.ts';

export interface AppDeps extends IngestDeps {
  reports: Reports;
  /** The built dashboard; null: only the API is served. */
  dashboard: { root: string; policy: string } | null;
  log: Logger;
}

/** The whole route table and the one error handler. Never listens: tests call `app.request`. */
export function createApp(deps: AppDeps): Hono<{ Variables: RequestIdVariables }> {
  const app = new Hono<{ Variables: RequestIdVariables }>();
  app.use(requestId());
  app.use(secureHeaders({ strictTransportSecurity: false }));
  app.onError((error, c) => answerError(error, c.get('requestId'), deps.log));

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.route('/', ingestRoutes(deps));
  app.route('/', reportRoutes(deps.reports));
  app.all('/api/*', () => {
    throw new AppError('not_found', 'There is no such address in the API.');
  });
  if (deps.dashboard) app.route('/', staticRoutes(deps.dashboard));
  app.notFound((c) => c.text('Not found.', 404));
  return app;
}

/** One error body everywhere; what is unknown says nothing of the inside. */
function answerError(error: Error, id: string, log: Logger): Response {
  const known = error instanceof AppError ? error : null;
  if (!known) log.error({ err: error, requestId: id }, 'a request failed');
  const body = {
    error: {
      code: known?.code ?? 'internal',
      message: known?.message ?? 'Something went wrong on the server; its log has the details.',
      requestId: id,
    },
  };
  const status: ContentfulStatusCode = known?.status ?? 500;
  const headers = new Headers({ 'X-Request-Id': id, 'Cache-Control': 'no-store' });
  if (known?.retryAfter) headers.set('Retry-After', String(Math.ceil(known.retryAfter)));
  return Response.json(body, { status, headers });
}
