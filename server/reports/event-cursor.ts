import type { EventPosition, EventsAsked } from '#server/store/reads-events.ts';
import { refuse } from './parse-query.ts';

/** What lies on one side of a position, as `older,2026-11-24T03:00:00.000Z,17`. */
export interface Cursor {
  side: EventsAsked['side'];
  position: EventPosition;
}

export const writeCursor = ({ side, position }: Cursor): string =>
  `${side},${position.at},${position.id}`;

/** Throws AppError('invalid') when it is no cursor. */
export function readCursor(text: string): Cursor {
  const [, side, at, id] =
    /^(older|newer),(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z),(\d{1,15})$/.exec(text) ?? [];
  if (!side || !at || !id || Number.isNaN(Date.parse(at)))
    refuse('cursor', 'take it as another page gave it');
  return { side: side as Cursor['side'], position: { at, id: Number(id) } };
}
