export type { InstanceDeps } from './desk.ts';
export { instanceRoutes } from './routes.ts';
