import type { uvu } from 'uvu';
import type { ReleaseFile } from '#contract/portal.ts';
import type { Ask } from '../files/tus.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { tokenOf } from '../support/session.ts';
import { addFile, logIn, portalOf, setPassword } from './visit.ts';

/** The application, with a password and a login at Geeglo's portal, and two files of the channel's latest release. */
export interface PortalHouse {
  house: TestApp;
  ask: Ask;
  /** Headers of the vendor's. */
  vendor: { authorization: string };
  portal: string;
  cookie: string;
  bundle: ReleaseFile;
  chart: ReleaseFile;
  /** What time it is for the limits. */
  clock: { now: number };
}

export const contents = {
  bundle: new TextEncoder().encode('air gap bundle of acme 1.2.0'),
  chart: new TextEncoder().encode('chart of acme 1.2.0'),
};

export function sharePortal(test: uvu.Test<PortalHouse>): void {
  test.before(async (context) => {
    const clock = { now: Date.now() };
    context.clock = clock;
    context.house = await openApp({ clock: () => clock.now });
    const { app, fresh } = context.house;
    const ask: Ask = async (path, init) => app.request(path, init);
    context.ask = ask;
    context.vendor = await tokenOf(fresh.db, 'write');
    context.portal = await portalOf(fresh.db, 'geeglo');
    await setPassword(ask, context.vendor, 'geeglo');
    context.cookie = await logIn(ask, context.portal);
    const bundle = { name: 'acme-1.2.0.airgap', kind: 'airgap' as const };
    context.bundle = await addFile(ask, context.vendor, { ...bundle, content: contents.bundle });
    const chart = { name: 'acme chart (1.2.0).tgz', content: contents.chart };
    context.chart = await addFile(ask, context.vendor, chart);
  });
  test.after(({ house }) => house.close());
}

/** The address of a file in a portal. */
export const addressOf = (portal: string, file: { id: number; name: string }) =>
  `${portal}/files/${file.id}/${encodeURIComponent(file.name)}`;
