import type { Scope } from '#contract/socket.ts';
import type { Reports } from '#server/reports/index.ts';
import type { Logger } from 'pino';
import type { Distributor } from './distributor.ts';
import type { Room } from './room.ts';

export interface CatchUpDeps {
  distributor: Pick<Distributor, 'recently' | 'note'>;
  reports: Pick<Reports, 'revisions' | 'customerRevisions'>;
  log: Logger;
}

/** Tells a list what has moved on since the viewer fetched the rows it shows; of plain check-ins no revision tells. */
export async function catchUp(
  room: Room,
  { shown }: Extract<Scope, { kind: 'list' }>,
  { distributor, reports, log }: CatchUpDeps,
): Promise<void> {
  const { pending } = room;
  try {
    const current = new Map(await reports.revisions(shown.map(([id]) => id)));
    for (const [id, revision] of shown) {
      if (!current.has(id)) pending.left.add(id);
      else if (current.get(id) !== revision) pending.changed.add(id);
    }
  } catch (error) {
    log.warn({ err: error }, 'a list could not be compared; its rows are read again');
    for (const [id] of shown) pending.changed.add(id);
  }
  if (room.watched.kind === 'list') {
    for (const id of room.watched.shown) {
      const at = distributor.recently.instances.get(id);
      if (at !== null) pending.seen.set(id, at);
    }
  }
  distributor.note(room);
}

/** Tells a list of customers the same. */
export async function catchUpCustomers(
  room: Room,
  { shown }: Extract<Scope, { kind: 'customers' }>,
  { distributor, reports, log }: CatchUpDeps,
): Promise<void> {
  const { pending } = room;
  try {
    const current = new Map(await reports.customerRevisions(shown.map(([id]) => id)));
    for (const [id, revision] of shown) if (current.get(id) !== revision) pending.customers.add(id);
  } catch (error) {
    log.warn({ err: error }, 'customers could not be compared; their rows are read again');
    for (const [id] of shown) pending.customers.add(id);
  }
  if (room.watched.kind === 'customers') {
    for (const id of room.watched.shown)
      if (distributor.recently.customers.get(id) !== null) pending.customers.add(id);
  }
  distributor.note(room);
}
