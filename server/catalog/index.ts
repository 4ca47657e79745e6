export { type Spreading, type SpreadDeps, startSpreading } from './spread-updates.ts';
