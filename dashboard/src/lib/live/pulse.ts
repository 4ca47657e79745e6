import type { Beat } from '#contract/socket.ts';
import { ServerClock } from './clock.ts';
import { type Freshness, judgeFreshness } from './freshness.ts';
import { type Reading, Slumber, readClocks, slept } from './slumber.ts';

/** Beats come every five seconds also to a hidden page, whose timers may rest. */
const sleptHidden = 10_000;
/** Milliseconds that the server has to tell the time after the date has leapt; then it counts as sleep. */
const patience = 3_000;
/** Less is the network's doing. */
const gained = 2_000;
/** Beats that waited come all at once; these are as far from each other here as they were sent. */
const apart = { least: 3_000, within: 1_000 };

/**
 * What the page knows of the server's time, and up to when the server vouched for what it sent. All of it by the
 * server's clock, told by its beats and answers: a date that is set here changes nothing, and a beat that waited while
 * this machine slept is as old as it says.
 */
export class Pulse {
  readonly #clock = new ServerClock();
  readonly #read: () => Reading;
  readonly #slumber: Slumber;
  #startedAt: number;
  /** By the server's clock; null: never yet. */
  #vouchedAt: number | null = null;
  #badBeat: string | null = null;
  #lastBeat: { at: number; here: number } | null = null;
  #frozen = false;
  /** What is shown has not been read again since the page was away. */
  #unread = false;

  constructor(read: () => Reading = readClocks) {
    this.#read = read;
    const now = read();
    this.#slumber = new Slumber(now);
    this.#startedAt = now.steady;
  }

  /** This machine's steady clock. */
  get here(): number {
    return this.#read().steady;
  }

  /** The server's present. */
  now(): number {
    return this.#clock.at(this.here) + this.#slept;
  }

  /** Milliseconds since the server last vouched; null: never. */
  get silence(): number | null {
    return this.#vouchedAt === null ? null : Math.max(0, this.now() - this.#vouchedAt);
  }

  restart(): void {
    this.#startedAt = this.here;
    this.#vouchedAt = null;
  }

  hear(beat: Beat): void {
    const at = Date.parse(beat.at);
    this.#hearTime(at, this.here);
    this.#followBeats(at, this.here);
    this.#badBeat = beat.ok ? null : beat.reason;
    // Never of the future: the server's clock may have been set back.
    if (beat.ok) this.#vouchedAt = Math.min(Math.max(this.#vouchedAt ?? at, at), this.now());
  }

  /** Why the server falls silent, should it stay so for long; the next beat takes the words back. */
  hearFarewell(reason: string): void {
    this.#badBeat = reason;
  }

  /** The server's time as it answered what was asked at `askedAt` by the steady clock. */
  hearAnswer(at: number, askedAt: number): void {
    this.#hearTime(at, this.here);
    if (askedAt >= this.#slumber.leaptAt) this.#slumber.settle();
  }

  /** Whether the page may have slept since the last look. Every message that proves something looks first. */
  look(isVisible: boolean): boolean {
    const hasSlept = this.#slumber.look(this.#read(), isVisible ? slept : sleptHidden);
    return hasSlept || this.#frozen;
  }

  /** The browser is about to freeze the page: what stands there is the first that is seen when it thaws. */
  freeze(): void {
    this.#frozen = true;
  }

  wake(): void {
    this.#frozen = false;
    this.#unread = true;
  }

  /**
   * Everything on the page was read again. After a sleep that is as good as a beat, as the server read it in its
   * database; not while it says itself that it cannot vouch.
   */
  prove(): void {
    if (this.#unread && this.#badBeat === null && this.#vouchedAt !== null)
      this.#vouchedAt = this.now();
    this.#unread = false;
  }

  /** @param behindFor milliseconds by the steady clock for which something waits to be read again; null: nothing does */
  judge(behindFor: number | null): Freshness {
    return judgeFreshness({
      sinceGoodBeat: this.silence,
      sinceStart: this.here - this.#startedAt + this.#slept,
      badBeat: this.#badBeat,
      behindFor: behindFor === null ? null : behindFor + this.#slept,
      isUnproven: this.#frozen || this.#slumber.leap > 0,
      serverNow: this.now(),
    });
  }

  /** The leap of a date that the server has not explained in time. */
  get #slept(): number {
    const { leap, leaptAt } = this.#slumber;
    return leap > 0 && this.here - leaptAt > patience ? leap : 0;
  }

  /** A page that watches nothing asks nothing: two beats since the leap that did not wait tell the time as well. */
  #followBeats(at: number, here: number): void {
    const before = this.#lastBeat;
    this.#lastBeat = { at, here };
    if (before === null || before.here < this.#slumber.leaptAt) return;
    const passed = here - before.here;
    const isLive = Math.abs(at - before.at - passed) < apart.within;
    if (passed > apart.least && isLive) this.#slumber.settle();
  }

  #hearTime(at: number, here: number): void {
    const before = this.#clock.offset;
    this.#clock.hear(at, here);
    const more = this.#clock.offset - before;
    // The server's time has gone on while the steady clock here stood still.
    if (more > gained) this.#slumber.explain(more);
  }
}
