import type { Fault } from '#server/describe-issues.ts';
import type { CatalogState } from '#server/store/catalog-import.ts';
import type { Fleet } from './fleet-schema.ts';

/** What the fleet asks for and the database cannot give, with its place in the file. Pure. */
export function findStateFaults(fleet: Fleet, state: CatalogState): Fault[] {
  const faults: Fault[] = [];
  const channelApps = new Map(state.channels.map((channel) => [channel.id, channel.appSlug]));
  const customerApps = new Map(state.customers.map((customer) => [customer.id, customer.appSlug]));
  const holders = new Map(state.licenses.map((license) => [license.licenseId, license.customerId]));
  const ids = new Set(fleet.apps.flatMap((app) => app.customers.map((customer) => customer.id)));
  fleet.apps.forEach((app, appIndex) => {
    const inFile = new Set(app.channels.map((channel) => channel.id));
    app.channels.forEach((channel, index) => {
      const path = ['apps', appIndex, 'channels', index];
      const owner = channelApps.get(channel.id);
      if (owner !== undefined && owner !== app.slug) {
        faults.push({ path: [...path, 'id'], message: `this channel belongs to the app ${owner}` });
      }
      const namesake = state.channels.find(
        ({ id, appSlug, name }) => appSlug === app.slug && name === channel.name && !inFile.has(id),
      );
      if (namesake) {
        const message = `the channel ${namesake.id} of this app has this name already`;
        faults.push({ path: [...path, 'name'], message });
      }
    });
    app.customers.forEach((customer, index) => {
      const path = ['apps', appIndex, 'customers', index];
      const owner = customerApps.get(customer.id);
      if (owner !== undefined && owner !== app.slug) {
        faults.push({
          path: [...path, 'id'],
          message: `this customer belongs to the app ${owner}`,
        });
      }
      const holder = holders.get(customer.license.id);
      if (holder !== undefined && holder !== customer.id && !ids.has(holder)) {
        const message = `the customer ${holder} holds this license id`;
        faults.push({ path: [...path, 'license', 'id'], message });
      }
    });
  });
  return faults;
}
