import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { withLock } from '#db/embedded/lock.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real Chromium: CHROME_PATH, the system's, playwright's own, else the one that `@sparticuz/chromium` brings. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium() ?? (await unpackChromium());
  return chromium.launch({ executablePath, args: flags, headless: true });
}

function findChromium(): string | null {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...installed, chromium.executablePath()].find((path) => existsSync(path)) ?? null;
}

/** Two test files may want it at once, and half an executable is none. */
async function unpackChromium(): Promise<string> {
  const { default: packed } = await import('@sparticuz/chromium');
  return withLock('unpack chromium', () => packed.executablePath());
}
