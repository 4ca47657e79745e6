export type { CatalogDeps } from './desk.ts';
export { catalogRoutes } from './routes.ts';
export { findLicenseFileFault } from './license-file.ts';
export { type Spreading, type SpreadDeps, startSpreading } from './spread-updates.ts';
