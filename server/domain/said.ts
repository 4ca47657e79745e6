import type { Scalar } from '#contract/instance.ts';
import type { AppStatus, StatusValue } from '#contract/status.ts';
import type { CheckIn, FactName, Facts, World } from './model.ts';
import { aggregateStatus } from './status.ts';
import { type CloudFacts, cloudOf, namedCloud } from './named-cloud.ts';

/** Facts seen as a plain table, for code that treats all fields alike. */
export type FactTable = Partial<Record<FactName, Scalar>>;

/** The channel whose releases `channelSequence` counts: the one reported, else the customer's; null: an unknown one. */
export function runningChannel(
  facts: Facts,
  world: Pick<World, 'customerChannelId'>,
): string | null {
  if (facts.channelId !== undefined) return facts.channelId;
  return facts.channelName === undefined ? world.customerChannelId : null;
}

/** Releases promoted to the channel after the running one; null when the running one is not known. */
export function countVersionsBehind(facts: Facts, world: World): number | null {
  const channel = runningChannel(facts, world);
  if (channel === null || facts.channelSequence === undefined) return null;
  return world.release(channel, facts.channelSequence)?.behind ?? null;
}

/** Whether a check-in says anything about the app's status. */
export function namesStatus(checkIn: CheckIn): boolean {
  return checkIn.facts.status !== undefined || Array.isArray(checkIn.inventories.resources);
}

/** The facts a check-in speaks of, those that are derived from what it says included. */
export function namedFacts(checkIn: CheckIn): Set<FactName> {
  const said: FactTable = checkIn.facts;
  const named = (Object.keys(said) as FactName[]).filter((name) => said[name] !== undefined);
  const all = new Set(named);
  if (all.has('channelSequence')) all.add('versionLabel');
  if (all.has('channelName')) all.add('channelId');
  if (namesStatus(checkIn)) all.add('status');
  return all;
}

/**
 * What a reporter has said, after one more check-in of it: absent fields stay as they are;
 * status, channel and version are read as `semantics` wants. The same object if nothing is new.
 */
export function hear(own: Facts, checkIn: CheckIn, world: World): Facts {
  const known: FactTable = own;
  const said: FactTable = checkIn.facts;
  let next: FactTable | null = null;
  for (const name of Object.keys(said) as FactName[]) {
    const value = said[name];
    if (value === undefined || value === known[name] || derivedNames.has(name)) continue;
    next ??= { ...known };
    next[name] = value;
  }
  const derived: FactTable = derive(own, checkIn, world);
  for (const name of derivedNames) {
    if (derived[name] === known[name]) continue;
    next ??= { ...known };
    if (derived[name] === undefined) delete next[name];
    else next[name] = derived[name];
  }
  return next === null ? own : (next as Facts);
}

type Derived = Pick<
  Facts,
  | 'status'
  | 'channelId'
  | 'channelName'
  | 'channelSequence'
  | 'versionLabel'
  | 'cloudProvider'
  | 'cloudRegion'
  | 'cloudFromAddress'
>;
const derivedNames: ReadonlySet<FactName> = new Set<keyof Derived>([
  'status',
  'channelId',
  'channelName',
  'channelSequence',
  'versionLabel',
  'cloudProvider',
  'cloudRegion',
  'cloudFromAddress',
]);

function derive(own: Facts, checkIn: CheckIn, world: World): Derived {
  const derived: Derived = {
    status: readStatus(own.status, checkIn, world),
    ...readCloud(own, checkIn),
  };
  readChannel(derived, own, checkIn.facts, world);
  readVersion(derived, own, checkIn.facts, world);
  return derived;
}

/** A named status counts, else that of the resources. `ready` with nothing to vouch for it is `unmonitored`. */
function readStatus(
  known: StatusValue | undefined,
  checkIn: CheckIn,
  world: World,
): StatusValue | undefined {
  const { resources } = checkIn.inventories;
  const list = Array.isArray(resources) ? (resources as { state: AppStatus }[]) : null;
  const status = checkIn.facts.status ?? (list === null ? undefined : aggregateStatus(list));
  if (status === undefined) return known;
  if (!world.app.statusInformers) return 'unmonitored';
  if (status !== 'ready') return status;
  if (list !== null) return list.length === 0 ? 'unmonitored' : 'ready';
  return known === 'unmonitored' ? 'unmonitored' : 'ready';
}

/** A channel we know is kept by its id alone; of one we do not know, what was said. */
function readChannel(derived: Derived, own: Facts, said: Facts, world: World): void {
  if (said.channelId === undefined && said.channelName === undefined) {
    derived.channelId = own.channelId;
    derived.channelName = own.channelName;
    return;
  }
  const known = world.channel({ id: said.channelId, name: said.channelName });
  derived.channelId = known ?? said.channelId;
  derived.channelName = known === null ? said.channelName : undefined;
}

/** What is named counts, and stays; only where nothing ever was, the address tells. */
function readCloud(own: Facts, { facts: said, addressCloud }: CheckIn): CloudFacts {
  const named = namedCloud(own);
  if (said.cloudProvider !== undefined || said.cloudRegion !== undefined) {
    return {
      cloudProvider: said.cloudProvider ?? named?.cloudProvider,
      cloudRegion: said.cloudRegion ?? named?.cloudRegion,
    };
  }
  if (named) return named;
  if (addressCloud === null) return {};
  if (addressCloud === undefined) return cloudOf(own);
  const { provider, region } = addressCloud;
  return { cloudProvider: provider, cloudRegion: region ?? undefined, cloudFromAddress: true };
}

/** A sequence names the release and so the label. After a change of channel the old sequence means nothing. */
function readVersion(derived: Derived, own: Facts, said: Facts, world: World): void {
  const channel = runningChannel(derived, world);
  const sequence = said.channelSequence;
  const release =
    channel === null || sequence === undefined ? null : world.release(channel, sequence);
  // A starting SDK sends 0 for "not known".
  if (sequence !== undefined && (sequence !== 0 || release !== null)) {
    derived.channelSequence = sequence;
    derived.versionLabel = release?.versionLabel ?? said.versionLabel ?? String(sequence);
    return;
  }
  derived.versionLabel = said.versionLabel ?? own.versionLabel;
  const sameRelease =
    derived.versionLabel === own.versionLabel && channel === runningChannel(own, world);
  if (sameRelease) derived.channelSequence = own.channelSequence;
}
