import type { Bar, InstanceRow, InstanceSummary, Instant } from '#contract/instance.ts';
import { growBar } from '#domain/uptime.ts';
import { holdsNow, statusValue } from '../instance-words.ts';
import { type LiveRow, mergeSeenAt, mergeState } from '../live/merge.ts';

/** One row on screen, which tells its own readers when it changes. */
export class RowState {
  row: LiveRow;
  /** Raised by each change that arrived while on screen, so that the row can flash. */
  flash = $state(0);

  constructor(row: InstanceRow, asOf: Instant, flash = 0) {
    this.row = $state.raw({ ...row, asOf });
    this.flash = flash;
  }

  /** Takes the row of a snapshot or a live summary; what is older changes nothing. */
  update(state: InstanceSummary & Partial<Pick<InstanceRow, 'closedDays'>>, asOf: Instant) {
    const merged = mergeState(this.row, state, asOf);
    if (merged.revision > this.row.revision) this.flash += 1;
    this.row = merged;
  }

  see(lastCheckInAt: Instant) {
    this.row = mergeSeenAt(this.row, lastCheckInAt);
  }

  /** All bars, today's grown by the status that holds until `now` (milliseconds), at most to the end of the axis. */
  bars(now: number, end: number): Bar[] {
    const { today, asOf, closedDays } = this.row;
    const until = Math.min(now, end);
    const grown = growBar(
      today,
      Date.parse(asOf),
      until,
      statusValue(this.row),
      holdsNow(this.row),
    );
    return [...closedDays, grown];
  }
}
