import type { Db } from '#db/client.ts';
import type { Instant } from '#contract/instance.ts';
import { type EventPage, pageSize } from '#contract/reports.ts';
import { AppError } from '#server/errors.ts';
import { presentEvent } from '#server/store/events.ts';
import { findInstance, readEvents } from '#server/store/reads-instance.ts';

/** A page of an instance's events, newest first; null: there is no such instance. */
export async function readEventPage(
  db: Db,
  customerId: string,
  instanceId: string,
  before: string | null,
): Promise<EventPage | null> {
  const position = before === null ? null : parsePosition(before);
  const instance = await findInstance(db, customerId, instanceId);
  if (instance === null) return null;
  const found = await readEvents(db, instance, position, pageSize + 1);
  const events = found.slice(0, pageSize).map(presentEvent);
  const last = events.at(-1);
  return { events, next: found.length > pageSize && last ? `${last.at},${last.id}` : null };
}

/** Events have no order but (time, id): a position is both, as `2026-11-24T03:00:00.000Z,17`. */
function parsePosition(before: string): { at: Instant; id: number } {
  const [, at, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z),(\d{1,15})$/.exec(before) ?? [];
  if (!at || !id || Number.isNaN(Date.parse(at))) {
    throw new AppError(
      'invalid',
      'The query parameter "before" is wrong: take it from "next" of the page before.',
    );
  }
  return { at, id: Number(id) };
}
