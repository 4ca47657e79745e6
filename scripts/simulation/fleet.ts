import { createCustomer, customerPlans } from './customers.ts';
import { createInstance } from './instances.ts';
import type { DemoCustomer, Fleet, InstanceScript } from './model.ts';
import { createRandom } from './random.ts';
import { createApp } from './releases.ts';

/** Instances of one round of all customer plans. */
const perRound = customerPlans.reduce((sum, plan) => sum + plan.instances, 0);
/** Rounds of instances before another round of customers: keeps every license below its burst of new instances. */
const roundsPerCustomer = 25;

/** A demo vendor with its customers and their installations; the same seed and moment give the same fleet. */
export function createFleet(options: { seed: string; now: number; instances?: number }): Fleet {
  const { seed, now } = options;
  const count = options.instances ?? perRound;
  const random = createRandom(seed);
  const apps = [
    createApp('quillstack', 'Quillstack', 5, now, random.fork('quillstack')),
    createApp('beacon-relay', 'Beacon Relay', 3, now, random.fork('beacon-relay')),
  ];
  const copies = Math.max(1, Math.ceil(count / (perRound * roundsPerCustomer)));
  const customers = Array.from({ length: copies }, (_, copy) =>
    customerPlans.map((plan) =>
      createCustomer(plan, copy, apps, now, random.fork(`customer ${plan.id} ${copy}`)),
    ),
  ).flat();
  const instances = settle(customers, copies, count).map(({ customer, ordinal }, place) =>
    createInstance(customer, apps, { place, ordinal }, now, random.fork(`instance ${place}`)),
  );
  return { now, seed, apps, customers, instances };
}

/** Which customer each instance belongs to: round after round of the plans, each round at the next copy. */
function settle(
  customers: DemoCustomer[],
  copies: number,
  count: number,
): { customer: DemoCustomer; ordinal: number }[] {
  const places: { customer: DemoCustomer; ordinal: number }[] = [];
  const ordinals = new Map<DemoCustomer, number>();
  for (let round = 0; places.length < count; round += 1) {
    const copy = customers.slice((round % copies) * customerPlans.length);
    customerPlans.forEach((plan, index) => {
      const customer = copy[index];
      for (let item = 0; customer && item < plan.instances && places.length < count; item += 1) {
        const ordinal = ordinals.get(customer) ?? 0;
        ordinals.set(customer, ordinal + 1);
        places.push({ customer, ordinal });
      }
    });
  }
  return places;
}

/** Installations that are not there at first and come up while the demo runs; the same ones each time. */
export function createNewcomers(fleet: Fleet, count: number): InstanceScript[] {
  const random = createRandom(fleet.seed).fork('newcomers');
  const hosts = fleet.customers.filter(
    (customer) =>
      !customer.archived &&
      customer.license.type === 'paid' &&
      (customer.license.expiresAt ?? Infinity) > fleet.now,
  );
  return Array.from({ length: count }, (_, index) => {
    const own = random.fork(String(index));
    const place = 60 * 1000 + index * 7;
    const script = createInstance(
      own.pick(hosts),
      fleet.apps,
      { place, ordinal: 100 + index },
      fleet.now,
      own,
    );
    return { ...script, mood: 'fresh' as const };
  });
}

/**
 * The fleet as a document for `npm run import`. `open`: every license is valid, as it was while the history was
 * written; importing the document as it is now afterwards ends those that have ended.
 */
export function fleetDocument(fleet: Fleet, { open }: { open: boolean }): object {
  const time = (at: number): string => new Date(at).toISOString();
  return {
    apps: fleet.apps.map((app) => ({
      slug: app.slug,
      name: app.name,
      channels: app.channels.map((channel) => ({
        id: channel.id,
        name: channel.name,
        releases: channel.releases.map((release) => ({
          ...release,
          promotedAt: time(release.promotedAt),
        })),
      })),
      customers: fleet.customers
        .filter((customer) => customer.appSlug === app.slug)
        .map(({ id, name, email, channelId, archived, license }) => ({
          id,
          name,
          email,
          channel: channelId,
          archived: archived && !open,
          license: {
            id: license.id,
            type: license.type,
            createdAt: time(license.createdAt),
            expiresAt:
              license.expiresAt === null || (open && license.expiresAt <= fleet.now)
                ? null
                : time(license.expiresAt),
            features: license.features,
            entitlements: {
              seats: { title: 'Seats', value: license.seats, valueType: 'Integer' },
              support_tier: {
                title: 'Support tier',
                value: license.type === 'paid' ? 'Business' : 'Best effort',
                valueType: 'String',
              },
            },
          },
        })),
    })),
  };
}
