export { type Drain, watchRequests } from './drain.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { type MetricsPort, openMetricsPort } from './metrics-port.ts';
export { createReadiness, type Readiness } from './readiness.ts';
export { type OperationsDeps, operationsRoutes } from './routes.ts';
