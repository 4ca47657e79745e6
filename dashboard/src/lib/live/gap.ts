import type { Numbered, Watching } from '#contract/socket.ts';

export type Verdict = 'next' | 'duplicate' | 'missing' | 'foreign';

/** Counts the messages of one watched room. Pure but for its own count. */
export class RoomCount {
  readonly origin: string;
  readonly room: string;
  seq: number;

  constructor({ origin, room, seq }: Watching) {
    this.origin = origin;
    this.room = room;
    this.seq = seq;
  }

  /**
   * `foreign`: of another room. `duplicate`: counted before. `missing`: one before it never came, or another server
   * process numbers the room now: what is known can no longer be brought up to date by messages.
   */
  take({ origin, room, seq }: Numbered): Verdict {
    if (room !== this.room) return 'foreign';
    if (origin !== this.origin) return 'missing';
    if (seq <= this.seq) return 'duplicate';
    const isNext = seq === this.seq + 1;
    this.seq = seq;
    return isNext ? 'next' : 'missing';
  }

  /**
   * Whether this is the last number the server gave. Beats and answers come after the messages they speak of, so a
   * higher number is a message that never came.
   */
  isUpTo(origin: string, seq: number | undefined): boolean {
    return origin === this.origin && seq !== undefined && seq <= this.seq;
  }
}
