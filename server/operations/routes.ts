import { type Context, Hono } from 'hono';
import type { AccountEnv } from '#server/accounts/index.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';

export interface OperationsDeps {
  metrics: Pick<Metrics, 'render'>;
  readiness: Pick<Readiness, 'reason'>;
  /** Null: the metrics have a port of their own, and are not here. Else throws for whoever may not read them. */
  guardMetrics: ((c: Context<AccountEnv>) => void) | null;
}

/** What machines ask a server for. The first two tell nobody anything and are open to all. */
export function operationsRoutes({
  metrics,
  readiness,
  guardMetrics,
}: OperationsDeps): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();

  /** The process runs; whether it can work is the next one's. */
  routes.get('/healthz', (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json({ status: 'ok' });
  });

  routes.get('/readyz', async (c) => {
    c.header('Cache-Control', 'no-store');
    const reason = await readiness.reason();
    return reason === null
      ? c.json({ status: 'ready' })
      : c.json({ status: 'not ready', reason }, 503);
  });

  routes.get('/metrics', async (c) => {
    c.header('Cache-Control', 'no-store');
    if (guardMetrics === null) return c.text('Not found.', 404);
    guardMetrics(c);
    const { contentType, body } = await metrics.render();
    return c.body(body, 200, { 'Content-Type': contentType });
  });

  return routes;
}
