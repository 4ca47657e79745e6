export type { CustomerDeps } from './desk.ts';
export { customerRoutes } from './routes.ts';
