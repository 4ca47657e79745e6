import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { FleetFaults } from '#server/catalog/fleet-faults.ts';
import type { FleetApp } from '#server/catalog/fleet-schema.ts';
import { readFleet as readDocument } from '#server/catalog/read-fleet.ts';
import { fleetDocument } from './fleet.ts';
import { createInstance } from './instances.ts';
import type { DemoApp, DemoCustomer, Fleet } from './model.ts';
import { createRandom } from './random.ts';

/** A fault of the person at the terminal: one sentence that says what to do. */
export class UsageError extends Error {}

/** Writes the document for `npm run import`: JSON when the name says so, else YAML. */
export function writeFleet(file: string, fleet: Fleet, options: { open: boolean }): void {
  const document = fleetDocument(fleet, options);
  const text = file.endsWith('.json') ? JSON.stringify(document) : stringify(document);
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/**
 * Installations at the customers of an import document whose licenses are valid; the same seed gives the same ones.
 * @throws UsageError when the file is no such document, or nobody in it may report
 */
export function readFleet(
  file: string,
  options: { seed: string; now: number; instances: number },
): Fleet {
  const { seed, now, instances } = options;
  const found = readApps(file);
  const apps = found.map(toDemoApp);
  const customers = found.flatMap(toDemoCustomers);
  const able = customers.filter(
    ({ archived, license }) => !archived && (license.expiresAt ?? Infinity) > now,
  );
  if (able.length === 0) throw new UsageError(`No license in ${file} is valid now.`);
  const random = createRandom(seed);
  const scripts = Array.from({ length: instances }, (_, place) => {
    const customer = able[place % able.length] as DemoCustomer;
    const where = { place, ordinal: Math.floor(place / able.length) };
    return createInstance(customer, apps, where, now, random.fork(`instance ${place}`));
  });
  return { now, seed, apps, customers, instances: scripts };
}

function readApps(file: string): FleetApp[] {
  try {
    return readDocument(file).apps;
  } catch (error) {
    if (!(error instanceof FleetFaults)) throw error;
    const [first, ...more] = error.message.split('\n');
    const others = more.length > 0 ? ` (and ${more.length} more faults)` : '';
    throw new UsageError(`${file} is no fleet to report for: ${first}${others}.`);
  }
}

function toDemoApp({ slug, name, channels }: FleetApp): DemoApp {
  return {
    slug,
    name,
    channels: channels.map((channel) => ({
      id: channel.id,
      name: channel.name,
      releases: channel.releases
        .map((release) => ({ ...release, promotedAt: release.promotedAt.getTime() }))
        .sort((left, right) => left.channelSequence - right.channelSequence),
    })),
  };
}

function toDemoCustomers({ slug, customers }: FleetApp): DemoCustomer[] {
  return customers.map(({ id, name, email, channel, archived, license }) => ({
    id,
    name,
    email: email ?? '',
    appSlug: slug,
    channelId: channel,
    archived: archived ?? false,
    license: {
      id: license.id,
      type: license.type,
      createdAt: license.createdAt.getTime(),
      expiresAt: license.expiresAt?.getTime() ?? null,
      features: license.features,
      seats: 0,
    },
  }));
}
