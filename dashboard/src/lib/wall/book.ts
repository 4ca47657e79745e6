import type {
  Millis,
  WallCustomer,
  WallInstance,
  WallSnapshot,
  WallTransition,
  WallTuple,
} from '#contract/wall.ts';
import { mostTransitions, readWallInstance } from '#contract/wall.ts';
import type { Known } from '../live/digest.ts';

/** An instance as the wall keeps it: with the moment of which its state and `today` speak. */
export type WallRow = WallInstance & { asOf: Millis };

/**
 * All that a wall knows: messages and snapshots may come in any order and more than once, and what is known in the end
 * is the same. It holds as many rows as are in scope and as many transitions as the ticker may show, whatever comes.
 */
export class WallBook {
  rows = new Map<number, WallRow>();
  customers = new Map<number, string | null>();
  transitions: WallTransition[] = [];

  /** Takes a snapshot in place of everything: what is newer here stays, what is gone there goes. */
  apply(snapshot: WallSnapshot): void {
    const asOf = Date.parse(snapshot.asOf);
    const before = this.rows;
    this.rows = new Map();
    for (const tuple of snapshot.instances) {
      const row = { ...readWallInstance(tuple), asOf };
      const known = before.get(row.id);
      this.rows.set(row.id, known ? newest(row, known) : row);
    }
    this.customers = new Map(snapshot.customers);
    this.transitions = snapshot.transitions.slice(0, mostTransitions);
  }

  /** Takes `screen:changed`. Says whether anything is another now. */
  change(message: { asOf: string; instances: WallTuple[]; customers: WallCustomer[] }): boolean {
    const asOf = Date.parse(message.asOf);
    for (const [number, name] of message.customers) this.customers.set(number, name);
    let changed = false;
    for (const tuple of message.instances) {
      const row = { ...readWallInstance(tuple), asOf };
      const known = this.rows.get(row.id);
      const merged = known ? newest(known, row) : row;
      if (merged === known) continue;
      this.rows.set(row.id, merged);
      changed = true;
    }
    return changed;
  }

  /**
   * Takes `screen:seen`: a check-in counts when it is the newest, and its instance is late that much later. Says whether
   * one of them was late by silence until now.
   */
  see(seen: [id: number, lastCheckInAt: Millis][], now: Millis): boolean {
    let wasSilent = false;
    for (const [id, at] of seen) {
      const row = this.rows.get(id);
      if (row === undefined || at <= row.lastCheckInAt) continue;
      wasSilent ||= row.lateAt !== null && row.lateAt <= now;
      const lateAt = row.lateAfter === null ? null : at + row.lateAfter * 1000;
      this.rows.set(id, { ...row, lastCheckInAt: at, lateAt });
    }
    return wasSilent;
  }

  /** Takes `screen:left`. */
  leave(ids: number[]): void {
    for (const id of ids) this.rows.delete(id);
  }

  /** Takes `screen:ticked`. */
  tick(transitions: WallTransition[]): void {
    const byId = new Map([...this.transitions, ...transitions].map((one) => [one.id, one]));
    const all = [...byId.values()];
    // Ids rise with time, but what an upload tells of the past comes later than what followed it.
    all.sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.id - a.id);
    this.transitions = all.slice(0, mostTransitions);
  }

  /** For the comparison with the server. */
  *known(): Iterable<Known> {
    for (const { revision, lastCheckInAt } of this.rows.values())
      yield { revision, lastCheckInAt: new Date(lastCheckInAt).toISOString() };
  }
}

/** Of two states of one instance the later, with the newest check-in of both and the past days that one of them knows. */
function newest(a: WallRow, b: WallRow): WallRow {
  const isLater = b.revision > a.revision || (b.revision === a.revision && b.asOf > a.asOf);
  const [state, other] = isLater ? [b, a] : [a, b];
  const closedDays = state.closedDays ?? other.closedDays;
  const isSeenLater = other.lastCheckInAt > state.lastCheckInAt;
  if (!isSeenLater && closedDays === state.closedDays) return state;
  if (!isSeenLater) return { ...state, closedDays };
  const { lastCheckInAt } = other;
  const lateAt = state.lateAfter === null ? null : lastCheckInAt + state.lateAfter * 1000;
  return { ...state, closedDays, lastCheckInAt, lateAt };
}
