import { licenseContent } from '#server/license-content.ts';
import type { CatalogState, LicenseRow } from '#server/store/catalog-import.ts';
import type { Fleet } from './fleet-schema.ts';

/** The licenses the fleet asks for; the sequence of one is raised when its document says something else. Pure. */
export function licenseRows(fleet: Fleet, state: CatalogState, channelNames: Map<string, string>) {
  const before = describeStored(state);
  return fleet.apps.flatMap((app) =>
    app.customers.map((customer): LicenseRow => {
      const { id, document, license } = customer;
      const { id: licenseId, ...rest } = license;
      const row = { customerId: id, licenseId, ...rest, document };
      const after = licenseContent(row, {
        name: customer.name,
        appSlug: app.slug,
        channelId: customer.channel,
        channelName: channelNames.get(customer.channel) ?? '',
      });
      const stored = before.get(id);
      const sequence = stored ? stored.sequence + (stored.content === after ? 0 : 1) : 1;
      return { ...row, sequence };
    }),
  );
}

/** What each stored license's document says now. */
function describeStored(state: CatalogState): Map<string, { sequence: number; content: string }> {
  const customers = new Map(state.customers.map((customer) => [customer.id, customer]));
  const names = new Map(state.channels.map((channel) => [channel.id, channel.name]));
  return new Map(
    state.licenses.map((license) => {
      const customer = customers.get(license.customerId);
      const content = licenseContent(license, {
        name: customer?.name ?? '',
        appSlug: customer?.appSlug ?? '',
        channelId: customer?.channelId ?? '',
        channelName: names.get(customer?.channelId ?? '') ?? '',
      });
      return [license.customerId, { sequence: license.sequence, content }];
    }),
  );
}
