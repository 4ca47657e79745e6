export { CloudFileFault, type LoadedFile, loadRanges, type NamedFile } from './load-ranges.ts';
