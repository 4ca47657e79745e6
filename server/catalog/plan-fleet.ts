import type { LicenseFeature, LicenseType } from '#contract/status.ts';
import type { Entitlement } from '#domain/model.ts';
import type { Fault } from '#server/describe-issues.ts';
import type { CatalogState, CustomerRow, LicenseRow } from '#server/store/catalog.ts';
import type { Fleet, FleetApp } from './fleet-schema.ts';

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

function licenseRows(fleet: Fleet, state: CatalogState, channelNames: Map<string, string>) {
  const before = describeStored(state);
  return fleet.apps.flatMap((app) =>
    app.customers.map((customer): LicenseRow => {
      const { id, document, license } = customer;
      const { id: licenseId, ...rest } = license;
      const row = { customerId: id, licenseId, ...rest, document };
      const after = contentOf(row, {
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
      const content = contentOf(license, {
        name: customer?.name ?? '',
        appSlug: customer?.appSlug ?? '',
        channelId: customer?.channelId ?? '',
        channelName: names.get(customer?.channelId ?? '') ?? '',
      });
      return [license.customerId, { sequence: license.sequence, content }];
    }),
  );
}

interface LicenseContent {
  licenseId: string;
  type: LicenseType;
  expiresAt: Date | null;
  features: LicenseFeature[];
  entitlements: Record<string, Entitlement>;
  document: string | null;
}

/** All that a license document says, but its sequence: another content is another sequence. */
function contentOf(
  license: LicenseContent,
  customer: { name: string; appSlug: string; channelId: string; channelName: string },
): string {
  if (license.document !== null) return license.document;
  const { licenseId, type, expiresAt, features, entitlements } = license;
  return canonical({ licenseId, type, expiresAt, features, entitlements, ...customer });
}

function findRenamed(wanted: CatalogState['channels'], state: CatalogState): string[] {
  const before = new Map(state.channels.map(({ id, name }) => [id, name]));
  return wanted
    .filter(({ id, name }) => before.has(id) && before.get(id) !== name)
    .map(({ id }) => id);
}

/** JSON with its keys in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
