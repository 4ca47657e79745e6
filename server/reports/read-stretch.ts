import type { Db } from '#db/client.ts';
import type { ActivityQuery } from '#contract/activity.ts';
import { toInstant } from '#domain/instant.ts';
import type { StoredEvent } from '#server/store/events.ts';
import {
  areFew,
  type EventPosition,
  findSliceEnd,
  readEvents,
} from '#server/store/reads-events.ts';

export interface StretchesAsked {
  /** Internal ids of instances; null: all of them. */
  instances: number[] | null;
  filter: ActivityQuery;
  /** Events that one statement looks through. */
  slice: number;
}

/** What was found on a stretch of the way back. */
export interface Stretch {
  events: StoredEvent[];
  /** Where the way goes on; null: this was the end of it. */
  next: EventPosition | null;
}

/**
 * The next events before a position, at most `limit`, from one stretch of the way. What is rare may be far: then a stretch
 * ends after a slice of the events among which it is looked for, so that no statement runs long, however many there are.
 */
export async function readStretch(
  db: Db,
  { instances, filter, slice }: StretchesAsked,
  position: EventPosition | null,
  limit: number,
): Promise<Stretch> {
  const isAnything = filter.types.length === 0 && filter.text === '';
  const isNear = isAnything && (instances === null || areFew(instances));
  const end = isNear ? null : await findSliceEnd(db, { instances, filter, position }, slice);
  const events = await readEvents(db, { instances, filter, side: 'older', position, end, limit });
  return { events, next: events.length === limit ? positionOf(events.at(-1)!) : end };
}

export const positionOf = ({ at, id }: StoredEvent): EventPosition => ({ at: toInstant(at), id });
