import { createHash } from 'node:crypto';
import { type KeptEvent, refold } from '#domain/air-gap.ts';
import type { CheckIn, World } from '#domain/model.ts';
import { canonical } from './canonical.ts';
import type { Touched } from './save-fold.ts';
import {
  type EventOf,
  insertEvents,
  readHistory,
  rewriteHistory,
  type StoredEvent,
} from './store/events.ts';
import type { Tx } from './store/instances.ts';
import { keepAirGapReports, readAirGapReports } from './store/parts.ts';

/**
 * Folds air gap reports of one instance into its history where they fall. All that were ever uploaded are folded
 * together, so the order of uploads plays no part, and an upload that brings nothing new changes nothing.
 */
export async function foldArchive(
  tx: Tx,
  one: Touched,
  checkIns: CheckIn[],
  world: World,
): Promise<void> {
  const { id } = one.instance;
  const fresh = await keepAirGapReports(
    tx,
    id,
    checkIns.map((checkIn) => ({
      reportedAt: checkIn.reportedAt!,
      digest: digestOf(checkIn),
      receivedAt: world.now,
      checkIn,
    })),
  );
  if (fresh === 0) return;

  // What the same batch brought live before belongs to the history that is folded now.
  const pending = await insertEvents(
    tx,
    one.events.map((event) => ({ ...event, instance: id })),
  );
  one.events = [];
  // What is unverified stays where it is, and nothing is told by it.
  const history = (await readHistory(tx, id)).filter(({ reporter }) => reporter !== 'unverified');
  const live = history.filter((event) => event.receivedAt === null);
  const folded = refold(one.instance, await readAirGapReports(tx, id), live, world);

  const change = compareHistories(history, folded.events, id);
  const written = await rewriteHistory(tx, change);
  one.instance = folded.instance;
  one.stored = [...(one.stored ?? []), ...pending, ...written];
  const moments = [...change.gone, ...change.amended, ...change.fresh].map((event) => event.at);
  one.rewrittenFrom = moments.reduce((a, b) => Math.min(a, b), one.rewrittenFrom ?? Infinity);
  one.inventories = [
    ...(one.inventories ?? []),
    ...folded.inventories.map((inventory) => ({ ...inventory, instance: id })),
  ];
  if (folded.metrics === null) return;
  one.uploadedMetrics = folded.metrics;
  const current = Object.fromEntries(folded.metrics.map(({ name, value }) => [name, value]));
  if (one.metrics) one.metrics = { stored: current, current, at: world.now };
}

/** The same words at the same moment are the same report, whatever order its fields came in. */
function digestOf(checkIn: CheckIn): string {
  return createHash('sha256').update(canonical(checkIn)).digest('base64url');
}

/** What it takes to turn the stored history into the folded one; an event that says the same keeps its id. */
export function compareHistories(stored: StoredEvent[], folded: KeptEvent[], instance: number) {
  const byId = new Map(stored.map((event) => [event.id, event]));
  const uploaded = new Map<string, StoredEvent[]>();
  for (const event of stored) {
    if (event.receivedAt === null) continue;
    const same = uploaded.get(identity(event));
    if (same) same.push(event);
    else uploaded.set(identity(event), [event]);
  }
  const kept = new Set<number>();
  const amended: StoredEvent[] = [];
  const fresh: EventOf[] = [];
  for (const { id, ...event } of folded) {
    const known = id === null ? uploaded.get(identity(event))?.shift() : byId.get(id);
    if (!known) {
      fresh.push({ ...event, instance });
      continue;
    }
    kept.add(known.id);
    if (known.before !== event.before || known.unheardSince !== event.unheardSince) {
      amended.push({ ...known, before: event.before, unheardSince: event.unheardSince });
    }
  }
  return { gone: stored.filter((event) => !kept.has(event.id)), amended, fresh };
}

const identity = (event: Omit<KeptEvent, 'id'>) =>
  JSON.stringify([event.at, event.category, event.field, event.after, event.reporter]);
