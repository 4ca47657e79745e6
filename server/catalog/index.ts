export { findLicenseFileFault } from './license-file.ts';
