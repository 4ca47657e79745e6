import type { Fault } from '#server/describe-issues.ts';

/**
 * What does not fit together in a fleet: ids that are given twice, channels that are not the app's. Takes the file as
 * it was written, also with other faults in it, so that one run names them all. Pure.
 */
export function findCrossFaults(fleet: unknown): Fault[] {
  const faults: Fault[] = [];
  const unique = (what: string) => {
    const seen = new Set<unknown>();
    return (value: unknown, path: PropertyKey[]) => {
      if (typeof value !== 'string' && typeof value !== 'number') return;
      if (seen.has(value)) faults.push({ path, message: `${what} is given twice` });
      seen.add(value);
    };
  };
  const slugs = unique('this slug');
  const channelIds = unique('this channel id');
  const customerIds = unique('this customer id');
  const licenseIds = unique('this license id');

  listIn(fleet, 'apps').forEach((app, appIndex) => {
    const at = ['apps', appIndex];
    slugs(fieldOf(app, 'slug'), [...at, 'slug']);
    const channels = listIn(app, 'channels');
    const names = unique('this channel name');
    channels.forEach((channel, index) => {
      const here = [...at, 'channels', index];
      channelIds(fieldOf(channel, 'id'), [...here, 'id']);
      names(fieldOf(channel, 'name'), [...here, 'name']);
      const sequences = unique('this channel sequence');
      listIn(channel, 'releases').forEach((release, place) => {
        const path = [...here, 'releases', place, 'channelSequence'];
        sequences(fieldOf(release, 'channelSequence'), path);
      });
    });
    const known = new Set(channels.map((channel) => fieldOf(channel, 'id')));
    listIn(app, 'customers').forEach((customer, index) => {
      const here = [...at, 'customers', index];
      customerIds(fieldOf(customer, 'id'), [...here, 'id']);
      licenseIds(fieldOf(fieldOf(customer, 'license'), 'id'), [...here, 'license', 'id']);
      const channel = fieldOf(customer, 'channel');
      if (typeof channel === 'string' && !known.has(channel)) {
        faults.push({ path: [...here, 'channel'], message: `the app has no channel ${channel}` });
      }
    });
  });
  return faults;
}

export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

export function listIn(value: unknown, name: string): unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}
