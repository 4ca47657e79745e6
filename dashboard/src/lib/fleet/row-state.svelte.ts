import type { Bar, InstanceRow, InstanceSummary, Instant } from '#contract/instance.ts';
import { growToday } from '../charts/grow-today.ts';

/** One row on screen: the thing, and since when we know it. */
export class RowState {
  row = $state.raw<InstanceRow>() as InstanceRow;
  /** Milliseconds: the moment of which `row.today` speaks. */
  asOf = $state(0);
  /** Raised by each change that arrived while on screen, so that the row can flash. */
  flash = $state(0);

  constructor(row: InstanceRow, asOf: Instant) {
    this.row = row;
    this.asOf = Date.parse(asOf);
  }

  /** Takes the whole row from a snapshot; an older one changes nothing. */
  replace(row: InstanceRow, asOf: Instant) {
    if (row.revision < this.row.revision) return;
    const later = row.lastCheckInAt > this.row.lastCheckInAt ? row : this.row;
    this.row = { ...row, lastCheckInAt: later.lastCheckInAt, lateAt: later.lateAt };
    this.asOf = Math.max(this.asOf, Date.parse(asOf));
  }

  /** Takes a live summary: replaced by revision, the last check-in by maximum. */
  update(summary: InstanceSummary, asOf: Instant) {
    if (summary.revision < this.row.revision) return;
    const changed = summary.revision > this.row.revision;
    this.replace({ ...summary, closedDays: this.row.closedDays }, asOf);
    if (changed) this.flash += 1;
  }

  see(lastCheckInAt: Instant) {
    if (lastCheckInAt <= this.row.lastCheckInAt) return;
    this.row = { ...this.row, lastCheckInAt };
  }

  /** All bars, today's grown until `now`. */
  bars(now: number): Bar[] {
    return [...this.row.closedDays, growToday(this.row, this.asOf, now)];
  }
}
