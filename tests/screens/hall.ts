import type { Test } from 'uvu';
import { openApp, type TestApp } from '../support/app.ts';
import { licenseIds } from '../support/fleet.ts';
import { tokenOf } from '../support/session.ts';
import type { Ask } from './wall.ts';

export interface Hall {
  house: TestApp;
  ask: Ask;
  vendor: Record<string, string>;
  clock: { now: number };
}

/** Gives a suite an app in which three instances of two customers have reported. */
export function shareHall(test: Test<Hall>): void {
  test.before(async (context) => {
    const clock = { now: Date.now() };
    context.clock = clock;
    context.house = await openApp({ clock: () => clock.now });
    const { app, fresh } = context.house;
    context.ask = async (path, init) => app.request(path, init);
    context.vendor = await tokenOf(fresh.db, 'write');
    const report = (license: string, body: object) =>
      context.ask('/api/check-ins', {
        method: 'POST',
        headers: { authorization: `Bearer ${license}` },
        body: JSON.stringify(body),
      });
    await report(licenseIds.geeglo, { instanceId: 'geeglo-prod-1', status: 'ready' });
    await report(licenseIds.geeglo, { instanceId: 'geeglo-test-1', status: 'degraded' });
    await report(licenseIds.roamway, { instanceId: 'roamway-1', status: 'unavailable' });
  });
  test.after(({ house }) => house.close());
}
