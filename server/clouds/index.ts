export { type KnownClouds, loadKnownClouds, locate } from './known-clouds.ts';
export { CloudFileFault, type LoadedFile, loadRanges, type NamedFile } from './load-ranges.ts';
