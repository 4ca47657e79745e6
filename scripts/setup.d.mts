export function isInstalled(root: string): boolean;
export function isBuilt(root: string): boolean;
export function hashSources(root: string): string;
export function buildStamp(root: string): string;
export function installStamp(root: string): string;
export function hashInstall(root: string): string;
