import type { Digest, Watching } from '#contract/socket.ts';
import { digestOf, isBehind } from './digest.ts';
import { RoomCount } from './gap.ts';
import { steadyNow } from './slumber.ts';
import {
  type Heard,
  type Lack,
  type News,
  type NewsEvent,
  type Timing,
  type Watch,
  type WatchOptions,
  type WatchState,
  defaultTiming,
  isListScope,
  newsEvents,
} from './watch-options.ts';
import type { LiveEvents, Wire } from './wire.ts';

export {
  type Lack,
  type News,
  type Timing,
  type Watch,
  type WatchOptions,
  type WatchState,
  defaultTiming,
};

/**
 * Keeps one page current: watches, then reads, then merges what came in between; and all of it again on every connect,
 * on wake, when a message is missing, when told to, and when digests differ. One reading at a time.
 */
export function watchScope<Snapshot>(
  wire: Wire,
  options: WatchOptions<Snapshot>,
  timing: Timing = defaultTiming,
): Watch {
  const watcher = new Watcher(wire, options, timing);
  watcher.start();
  return watcher;
}

class Watcher<Snapshot> implements Watch {
  readonly #wire: Wire;
  readonly #options: WatchOptions<Snapshot>;
  readonly #timing: Timing;
  readonly #stopping = new AbortController();
  readonly #offs: (() => void)[] = [];
  readonly #timers = {
    sync: undefined as Timer,
    digest: undefined as Timer,
    shown: undefined as Timer,
  };
  state: WatchState = { phase: 'loading', error: null };
  #count: RoomCount | null = null;
  /** What the server knew when the page began to watch, where the page itself knows no revisions. */
  #begun: Digest | null = null;
  /** The room must be entered (again) before the next reading. */
  #mustWatch = true;
  /** Messages to merge over the snapshot that is being read; null: none is. */
  #kept: News[] | null = null;
  /** Messages that came before the answer that names their room; null: no answer is awaited. */
  #early: Heard[] | null = null;
  #syncing = false;
  #syncAt = Infinity;
  #wantedAgain: number | null = null;
  #connection = 0;
  #failures = 0;
  #last = { at: -Infinity, took: 0 };
  #hasSnapshot = false;

  constructor(wire: Wire, options: WatchOptions<Snapshot>, timing: Timing) {
    this.#wire = wire;
    this.#options = options;
    this.#timing = timing;
  }

  start(): void {
    const wire = this.#wire;
    this.#offs.push(
      wire.on('connect', () => this.#connected()),
      wire.on('disconnect', () => this.#disconnected()),
      wire.on('beat', ({ origin, rooms }) => this.#compare(origin, rooms)),
      wire.on('scope:stale', (message) => this.#receive({ event: 'scope:stale', message })),
      ...newsEvents.map((event) => this.#listen(event)),
    );
    this.#want(this.#wire.connected() ? 0 : this.#timing.connectGrace);
    this.#planDigest();
  }

  refresh(): void {
    this.#want(0);
  }

  wake(): void {
    this.#mustWatch = true;
    if (this.#hasSnapshot) this.#become({ ...this.state, phase: 'behind' });
    this.#want(0);
  }

  shownChanged(): void {
    clearTimeout(this.#timers.shown);
    this.#timers.shown = setTimeout(() => void this.#rewatch(), this.#timing.shownSettle);
  }

  stop(): void {
    this.#stopping.abort();
    for (const off of this.#offs) off();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    if (this.#count) this.#wire.unwatch(this.#count.room, this);
  }

  #listen<E extends NewsEvent>(event: E): () => void {
    const hear = (message: News['message']) => this.#receive({ event, message } as News);
    return this.#wire.on(event, hear as LiveEvents[E]);
  }

  #connected(): void {
    this.#connection += 1;
    this.#lose();
    this.#failures = 0;
    this.#want(0);
  }

  #disconnected(): void {
    this.#connection += 1;
    this.#lose();
  }

  /** What is shown can no longer be kept current by messages. */
  #lose(): void {
    this.#mustWatch = true;
    this.#count = null;
    this.#early = null;
    if (this.#hasSnapshot) this.#become({ ...this.state, phase: 'behind' });
  }

  #missed(): void {
    this.#mustWatch = true;
    if (this.#hasSnapshot) this.#become({ ...this.state, phase: 'behind' });
    this.#wantSpaced();
  }

  #receive(heard: Heard): void {
    if (this.#count === null) {
      this.#early?.push(heard);
      return;
    }
    const verdict = this.#count.take(heard.message);
    if (verdict === 'foreign' || verdict === 'duplicate') return;
    if (verdict === 'missing') this.#missed();
    if (heard.event === 'scope:stale') return this.#missed();
    const refetch = heard.event === 'fleet:moved' || this.#options.refetchOn?.(heard);
    this.#kept?.push(heard);
    if (this.#hasSnapshot) this.#options.hear(heard);
    if (refetch) this.#wantSpaced();
  }

  #compare(origin: string, rooms: Record<string, number>): void {
    if (this.#count && !this.#count.isUpTo(origin, rooms[this.#count.room])) this.#missed();
  }

  /** Viewers that all heard the same must not all ask in the same moment. */
  #wantSpaced(): void {
    const rest = Math.max(this.#timing.spacing, 2 * this.#last.took);
    const due = this.#last.at + rest - performance.now();
    this.#want(Math.max(0, due) + (Math.random() * this.#timing.spacing) / 4);
  }

  #want(delay: number): void {
    if (this.#stopping.signal.aborted) return;
    const at = performance.now() + delay;
    if (this.#syncing) {
      this.#wantedAgain = Math.min(this.#wantedAgain ?? Infinity, at);
      return;
    }
    if (at >= this.#syncAt) return;
    clearTimeout(this.#timers.sync);
    this.#syncAt = at;
    this.#timers.sync = setTimeout(() => void this.#sync(), delay);
  }

  async #sync(): Promise<void> {
    this.#syncing = true;
    this.#syncAt = Infinity;
    const startedAt = performance.now();
    let retryIn: number | null = null;
    try {
      const lack = await this.#read();
      this.#failures = lack === null ? 0 : this.#failures + 1;
      if (lack !== null) retryIn = this.#retryDelay();
    } catch (error) {
      this.#failures += 1;
      retryIn = this.#retryDelay();
      this.#mustWatch = true;
      const phase = this.#hasSnapshot ? 'behind' : 'loading';
      if (!this.#stopping.signal.aborted) this.#become({ phase, error });
    }
    this.#kept = null;
    this.#syncing = false;
    this.#last = { at: performance.now(), took: performance.now() - startedAt };
    const again = this.#wantedAgain;
    this.#wantedAgain = null;
    if (again !== null)
      retryIn = Math.min(retryIn ?? Infinity, Math.max(0, again - performance.now()));
    if (retryIn !== null) this.#want(retryIn);
  }

  /** Hands back what the page lacks still; null: nothing. */
  async #read(): Promise<Lack | null> {
    const connection = this.#connection;
    const isConnected = this.#wire.connected();
    // Without a connection there is nothing to keep a second reading current; the next connect reads.
    if (!isConnected && this.#hasSnapshot) return null;
    this.#kept = [];
    if (isConnected && this.#mustWatch) await this.#enter();
    const { signal } = this.#stopping;
    const patience = AbortSignal.timeout(this.#timing.fetchPatience);
    const snapshot = await this.#options.fetch(AbortSignal.any([signal, patience]));
    if (signal.aborted) return null;
    const lack = this.#options.apply(snapshot) ?? null;
    this.#hasSnapshot = true;
    for (const news of this.#kept) this.#options.hear(news);
    this.#kept = null;
    const isWatched = isConnected && connection === this.#connection && this.#count !== null;
    if (isWatched && isListScope(this.#options.scope())) await this.#rewatch();
    const isCurrent = isWatched && !this.#mustWatch && connection === this.#connection;
    this.#become({ phase: isCurrent && lack !== 'old' ? 'current' : 'behind', error: null });
    return lack;
  }

  /** Enters the room; from its answer on, every message is counted. */
  async #enter(): Promise<void> {
    this.#mustWatch = false;
    this.#count = null;
    this.#early = [];
    const connection = this.#connection;
    const watching = await this.#ask();
    if (connection !== this.#connection || this.#stopping.signal.aborted) {
      throw new Error('the connection was lost');
    }
    this.#count = new RoomCount(watching);
    this.#begun = watching.digest ?? null;
    const early = this.#early;
    this.#early = null;
    for (const heard of early ?? []) this.#receive(heard);
  }

  /** Tells a list's room which rows are shown now; what they have missed comes as messages. */
  async #rewatch(): Promise<void> {
    if (this.#count === null || !this.#wire.connected()) return;
    const connection = this.#connection;
    try {
      const { origin, seq } = await this.#ask();
      if (connection !== this.#connection) return;
      if (!this.#count?.isUpTo(origin, seq)) this.#missed();
    } catch {
      this.#missed();
    }
  }

  async #ask(): Promise<Watching> {
    const askedAt = steadyNow();
    const answer = await this.#wire.watch(this.#options.scope(), this);
    if ('error' in answer) throw new Error(answer.error.message);
    if (answer.at !== undefined) this.#options.onTime?.(answer.at, askedAt);
    if (this.#stopping.signal.aborted) this.#wire.unwatch(answer.room, this);
    return answer;
  }

  #planDigest(): void {
    const delay = this.#timing.digestEvery * (0.75 + Math.random() / 2);
    this.#timers.digest = setTimeout(() => {
      void this.#checkDigest().finally(() => {
        if (!this.#stopping.signal.aborted) this.#planDigest();
      });
    }, delay);
  }

  async #checkDigest(): Promise<void> {
    const before = await this.#serverDigest();
    if (before === null || !isBehind(this.#mine(), before)) return;
    // Messages may be on their way. Sums and moments only rise, so after a while the page has at least what the server
    // had then; only the count may have fallen since.
    await new Promise((resolve) => setTimeout(resolve, this.#timing.digestDoubt));
    const now = await this.#serverDigest();
    if (now !== null && isBehind(this.#mine(), { ...before, count: now.count })) this.#missed();
  }

  /** Null: there is nothing to compare just now. */
  async #serverDigest(): Promise<Digest | null> {
    if (this.#stopping.signal.aborted || !this.#wire.connected()) return null;
    if (this.state.phase !== 'current' || this.#count === null || this.#syncing) return null;
    const answer = await this.#wire.digest(this.#count.room).catch(() => null);
    return answer === null || 'error' in answer || this.state.phase !== 'current' ? null : answer;
  }

  #mine(): Digest {
    return this.#begun ?? digestOf(this.#options.known?.() ?? []);
  }

  #retryDelay(): number {
    const { firstRetry, longestRetry } = this.#timing;
    return Math.min(longestRetry, firstRetry * 2 ** (this.#failures - 1)) * (0.5 + Math.random());
  }

  #become(state: WatchState): void {
    if (state.phase === this.state.phase && state.error === this.state.error) return;
    this.state = state;
    this.#options.onState?.(state);
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined;
