import { type Step, letTimePass, takeFacts } from './advance.ts';
import { fieldEvent, presenceEvent } from './events.ts';
import { eventedFacts } from './fields.ts';
import { kotsFellSilentAt, lastSpoke, mergeReports, reporterOf, sameFacts } from './reporters.ts';
import { type FactTable, countVersionsBehind, hear, namedFacts, namesStatus } from './said.ts';
import { applyTags, tagEvents } from './tags.ts';
import type { CheckIn, Facts, Instance, InstanceEvent, Reporter, Time, World } from './model.ts';

export { type Step, advance } from './advance.ts';
export { type MetricChanges, detectMetricChanges } from './metrics.ts';
export { refuse } from './refuse.ts';

/** The longer parts of a report. */
export type Part = 'resources' | 'images' | 'nodes';

/** What one live check-in comes to. `parts`: those whose content is new for its reporter and has to be stored. */
export interface Fold extends Step {
  parts: Part[];
}

/** An instance of which nothing is known but that it exists; its id is 0 until it is stored. */
export function newInstance(
  customerId: string,
  instanceId: string,
  at: Time,
  airGap: boolean,
): Instance {
  return {
    id: 0,
    customerId,
    instanceId,
    revision: 0,
    name: null,
    tags: {},
    facts: {},
    reports: null,
    kotsReportedAt: null,
    sdkReportedAt: null,
    statusSince: null,
    statusReportedAt: null,
    firstReadyAt: null,
    firstSeenAt: at,
    lastCheckInAt: at,
    lastEventAt: at,
    nextWithin: null,
    lateSince: null,
    inactiveSince: null,
    refusal: null,
    airGap,
    archivedAt: null,
    versionsBehind: null,
  };
}

/**
 * The fold of one live check-in, received at `world.now`. Events are never dated before the instance's last one,
 * and `lastCheckInAt` never goes back. A check-in that changes nothing keeps the revision.
 */
export function detectChanges(instance: Instance, checkIn: CheckIn, world: World): Fold {
  const events: InstanceEvent[] = [];
  // An archived instance was silent all the same: what it comes back from has to be on record.
  const listed = instance.archivedAt === null ? instance : { ...instance, archivedAt: null };
  const before = letTimePass(listed, world, events);
  const next: Instance = { ...before };
  const at = Math.max(world.now, before.lastEventAt);
  comeBack(next, at, events);
  const parts = takeReport(next, before, checkIn, world, at, events);
  if (before.airGap) events.push(...confirm(before.facts, next, checkIn, at));
  next.airGap = false;
  if (checkIn.tags !== null) takeTags(next, checkIn, at, events);
  takeVersionsBehind(next, world, at, events);
  next.lastCheckInAt = Math.max(before.lastCheckInAt, world.now);
  next.nextWithin = checkIn.nextWithin;
  const changed = before !== instance || instance.revision === 0 || differs(before, next);
  if (changed) next.revision = instance.revision + 1;
  return { instance: next, events, changed, parts };
}

/** What of an instance anybody can see change, apart from the times of its last reports. */
function differs(a: Instance, b: Instance): boolean {
  return (
    a.facts !== b.facts ||
    a.reports !== b.reports ||
    a.tags !== b.tags ||
    a.nextWithin !== b.nextWithin ||
    a.lateSince !== b.lateSince ||
    a.inactiveSince !== b.inactiveSince ||
    a.refusal !== b.refusal ||
    a.airGap !== b.airGap ||
    a.versionsBehind !== b.versionsBehind
  );
}

/** Whatever kept the instance from being present ends with a live check-in. */
function comeBack(next: Instance, at: Time, events: InstanceEvent[]): void {
  const known = events.length;
  if (next.refusal !== null) events.push(presenceEvent(at, 'refused', 'active'));
  if (next.inactiveSince !== null) events.push(presenceEvent(at, 'inactive', 'active'));
  if (next.airGap) events.push(...endAirGap(next, at));
  if (events.length > known) next.lastEventAt = at;
  next.refusal = null;
  next.inactiveSince = null;
  next.lateSince = null;
}

/** From the last report of the archive until now nothing is known. */
function endAirGap(archive: Instance, at: Time): InstanceEvent[] {
  const end = Math.min(at, Math.max(archive.lastCheckInAt, archive.lastEventAt));
  return [
    // Written anew by every later upload, hence its moment of receipt.
    { ...presenceEvent(end, 'active', 'inactive'), receivedAt: at },
    presenceEvent(at, 'inactive', 'active'),
  ];
}

/**
 * What the first live report confirms, as rows with before = after: observations, so that an archive uploaded later
 * cannot speak for the time after this moment. Readers of history leave such rows out.
 */
function confirm(archive: Facts, next: Instance, checkIn: CheckIn, at: Time): InstanceEvent[] {
  const named = namedFacts(checkIn);
  const known: FactTable = archive;
  const now: FactTable = next.facts;
  return eventedFacts
    .filter((field) => named.has(field) && now[field] !== undefined && now[field] === known[field])
    .map((field) => fieldEvent(field, at, now[field] ?? null, now[field] ?? null, checkIn.door));
}

function takeReport(
  next: Instance,
  before: Instance,
  checkIn: CheckIn,
  world: World,
  at: Time,
  events: InstanceEvent[],
): Part[] {
  const reporter = reporterOf(checkIn.door);
  const other: Reporter = reporter === 'kots' ? 'sdk' : 'kots';
  const alone = lastSpoke(before, other) === null;
  const own = before.reports?.[reporter] ?? (alone ? before.facts : {});
  const heard = hear(own, checkIn, world);

  if (!alone && (heard !== own || before.reports === null)) {
    const others = before.reports?.[other] ?? before.facts;
    next.reports =
      reporter === 'kots' ? { kots: heard, sdk: others } : { kots: others, sdk: heard };
  }
  if (reporter === 'kots') next.kotsReportedAt = Math.max(before.kotsReportedAt ?? 0, world.now);
  else next.sdkReportedAt = Math.max(before.sdkReportedAt ?? 0, world.now);

  const facts = next.reports === null ? heard : mergeReports(next.reports, winner(next, world));
  if (!sameFacts(facts, next.facts)) takeFacts(next, facts, at, checkIn.door, world, events);
  // Only a report that says what holds vouches for it: the loser's word does not.
  if (namesStatus(checkIn) && heard.status === facts.status) next.statusReportedAt = at;
  return heard === own ? [] : newParts(own, heard);
}

const winner = (instance: Instance, world: World): Reporter =>
  instance.kotsReportedAt !== null && kotsFellSilentAt(instance, world) === null ? 'kots' : 'sdk';

function newParts(before: Facts, after: Facts): Part[] {
  const parts: Part[] = [];
  if (before.resourcesDigest !== after.resourcesDigest) parts.push('resources');
  if (before.imagesDigest !== after.imagesDigest) parts.push('images');
  if (before.nodesDigest !== after.nodesDigest) parts.push('nodes');
  return parts;
}

function takeTags(next: Instance, checkIn: CheckIn, at: Time, events: InstanceEvent[]): void {
  if (checkIn.tags === null) return;
  const tags = applyTags(next.tags, checkIn.tags);
  if (tags === next.tags) return;
  const changes = tagEvents(next.tags, tags, at, checkIn.door);
  events.push(...changes);
  if (changes.length > 0) next.lastEventAt = at;
  next.tags = tags;
}

/**
 * What an instance has to be told once releases of its channel were promoted, demoted or restored. An air gap instance
 * takes the number over as from an upload, without an event: after its last report nothing is known of it, and an event
 * would say there is. An archived one is told when it comes back.
 */
export function followChannel(instance: Instance, world: World): Step {
  const behind = countVersionsBehind(instance.facts, world);
  if (instance.archivedAt !== null || behind === instance.versionsBehind) {
    return { instance, events: [], changed: false };
  }
  const events: InstanceEvent[] = [];
  const next = { ...letTimePass(instance, world, events), revision: instance.revision + 1 };
  if (next.airGap) next.versionsBehind = behind;
  else takeVersionsBehind(next, world, Math.max(world.now, next.lastEventAt), events);
  return { instance: next, events, changed: true };
}

function takeVersionsBehind(next: Instance, world: World, at: Time, events: InstanceEvent[]): void {
  const behind = countVersionsBehind(next.facts, world);
  if (behind === next.versionsBehind) return;
  events.push(fieldEvent('versionsBehind', at, next.versionsBehind, behind, null));
  next.versionsBehind = behind;
  next.lastEventAt = at;
}
