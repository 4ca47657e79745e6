import type { Db } from '#db/client.ts';
import { announceCatalog } from '#server/store/announce.ts';
import {
  lockCatalog,
  raiseLicenseSequences,
  saveApps,
  saveChannels,
  saveCustomers,
  saveLicenses,
  saveReleases,
} from '#server/store/catalog-import.ts';
import { insertUpstreamUpdates } from '#server/store/upstream-updates.ts';
import { FleetFaults } from './fleet-faults.ts';
import type { Fleet } from './fleet-schema.ts';
import { findStateFaults } from './find-state-faults.ts';
import { planFleet } from './plan-fleet.ts';

export interface Applied {
  apps: number;
  channels: number;
  releases: number;
  customers: number;
  /** Things of all these kinds that are new, and that say something else than before. */
  added: number;
  changed: number;
}

/**
 * Makes the database say what the fleet says, all or nothing, and tells running servers. What the fleet does not name
 * stays as it is. A fleet that is there already changes nothing.
 * @throws FleetFaults – what the database has otherwise, with its place in the file
 */
export async function applyFleet(db: Db, fleet: Fleet): Promise<Applied> {
  const channels = fleet.apps.flatMap((app) => app.channels);
  const customers = fleet.apps.flatMap((app) => app.customers);
  return db.transaction(async (tx) => {
    const state = await lockCatalog(tx, {
      slugs: fleet.apps.map((app) => app.slug),
      channelIds: channels.map((channel) => channel.id),
      customerIds: customers.map((customer) => customer.id),
      licenseIds: customers.map((customer) => customer.license.id),
    });
    const faults = findStateFaults(fleet, state);
    if (faults.length > 0) throw new FleetFaults(faults);

    const plan = planFleet(fleet, state, state.now);
    await saveApps(tx, plan.apps);
    await saveChannels(tx, plan.channels);
    await saveReleases(tx, plan.releases);
    const promoted = new Set(plan.releases.map((release) => release.channelId));
    await insertUpstreamUpdates(tx, [...promoted]);
    await saveCustomers(tx, plan.customers);
    await saveLicenses(tx, plan.licenses);
    await raiseLicenseSequences(tx, plan.touchedLicenses);
    if (plan.added + plan.changed > 0) await announceCatalog(tx);
    return {
      apps: fleet.apps.length,
      channels: channels.length,
      releases: channels.reduce((sum, channel) => sum + channel.releases.length, 0),
      customers: customers.length,
      added: plan.added,
      changed: plan.changed,
    };
  });
}
