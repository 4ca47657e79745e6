import type { CatalogState, CustomerRow, LicenseRow } from '#server/store/catalog-import.ts';
import { canonical } from '#server/canonical.ts';
import type { Fleet, FleetApp } from './fleet-schema.ts';
import { licenseRows } from './plan-licenses.ts';

/** What has to be written so that the database says what the fleet says. */
export interface Plan {
  apps: CatalogState['apps'];
  channels: CatalogState['channels'];
  releases: CatalogState['releases'];
  customers: CustomerRow[];
  licenses: LicenseRow[];
  /** Customers not in the fleet whose license document changes all the same: their channel has another name. */
  touchedLicenses: string[];
  /** How many things are new, and how many say something else; a customer and its license are one. */
  added: number;
  changed: number;
}

/** The rows the fleet asks for, less those that are there already. Pure. */
export function planFleet(fleet: Fleet, state: CatalogState, now: Date): Plan {
  const wanted = rowsOf(fleet, state, now);
  const apps = compare(wanted.apps, state.apps, (app) => app.slug);
  const channels = compare(wanted.channels, state.channels, (channel) => channel.id);
  const releases = compare(wanted.releases, state.releases, releaseKey);
  const customers = compare(wanted.customers, state.customers, (customer) => customer.id);
  const licenses = compare(wanted.licenses, state.licenses, (license) => license.customerId);

  const inFleet = new Set(wanted.customers.map((customer) => customer.id));
  const renamed = new Set(findRenamed(wanted.channels, state));
  const others = state.customers.filter(
    (one) => !inFleet.has(one.id) && renamed.has(one.channelId),
  );
  // A customer and its license are one thing to the reader.
  const added = new Set(customers.added.map((customer) => customer.id));
  const changed = new Set([
    ...customers.changed.map((customer) => customer.id),
    ...[...licenses.added, ...licenses.changed].map((license) => license.customerId),
  ]);
  const parts = [apps, channels, releases];
  return {
    apps: [...apps.added, ...apps.changed],
    channels: [...channels.added, ...channels.changed],
    releases: [...releases.added, ...releases.changed],
    customers: [...customers.added, ...customers.changed],
    licenses: [...licenses.added, ...licenses.changed],
    touchedLicenses: others.map((customer) => customer.id),
    added: parts.reduce((sum, part) => sum + part.added.length, added.size),
    changed: parts.reduce(
      (sum, part) => sum + part.changed.length,
      [...changed].filter((id) => !added.has(id)).length,
    ),
  };
}

const releaseKey = (release: CatalogState['releases'][number]) =>
  `${release.channelId} ${release.channelSequence}`;

function compare<Row>(wanted: Row[], current: Row[], keyOf: (row: Row) => string) {
  const known = new Map(current.map((row) => [keyOf(row), canonical(row)]));
  const added = wanted.filter((row) => !known.has(keyOf(row)));
  const changed = wanted.filter((row) => {
    const before = known.get(keyOf(row));
    return before !== undefined && before !== canonical(row);
  });
  return { added, changed };
}

function rowsOf(fleet: Fleet, state: CatalogState, now: Date) {
  const each = <Row>(rows: (app: FleetApp) => Row[]) => fleet.apps.flatMap(rows);
  const current = new Map(state.customers.map((customer) => [customer.id, customer]));
  const channels = each((app) =>
    app.channels.map(({ id, name }) => ({ id, appSlug: app.slug, name })),
  );
  const customers = each((app) =>
    app.customers.map((customer): CustomerRow => {
      const { id, name, email, channel, archived } = customer;
      const before = current.get(id)?.archivedAt ?? null;
      const archivedAt = archived === false ? null : archived ? (before ?? now) : before;
      return { id, appSlug: app.slug, channelId: channel, name, email, archivedAt };
    }),
  );
  return {
    apps: each((app) => [
      { slug: app.slug, name: app.name, statusInformers: app.statusInformers !== 'none' },
    ]),
    channels,
    releases: each((app) =>
      app.channels.flatMap((channel) =>
        channel.releases.map((release) => ({ ...release, channelId: channel.id })),
      ),
    ),
    customers,
    licenses: licenseRows(fleet, state, new Map(channels.map(({ id, name }) => [id, name]))),
  };
}

function findRenamed(wanted: CatalogState['channels'], state: CatalogState): string[] {
  const before = new Map(state.channels.map(({ id, name }) => [id, name]));
  return wanted
    .filter(({ id, name }) => before.has(id) && before.get(id) !== name)
    .map(({ id }) => id);
}
