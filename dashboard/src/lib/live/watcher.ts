import { digestOf } from './digest.ts';
import { DigestChecks } from './digest-checks.ts';
import { Membership } from './membership.ts';
import { Readings } from './readings.ts';
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
  readonly #membership: Membership;
  readonly #readings: Readings;
  readonly #digests: DigestChecks;
  #shownTimer: ReturnType<typeof setTimeout> | undefined;
  state: WatchState = { phase: 'loading', error: null };
  /** Messages to merge over the snapshot that is being read; null: none is. */
  #kept: News[] | null = null;
  #hasSnapshot = false;

  constructor(wire: Wire, options: WatchOptions<Snapshot>, timing: Timing) {
    this.#wire = wire;
    this.#options = options;
    this.#timing = timing;
    const { signal } = this.#stopping;
    const missed = () => this.#missed();
    const hear = (heard: Heard) => this.#hear(heard);
    this.#membership = new Membership({ wire, options, signal, hear, missed });
    this.#readings = new Readings(() => this.#read(), timing);
    this.#digests = new DigestChecks({
      wire,
      timing,
      room: () => (wire.connected() && !this.#readings.isRunning ? this.#membership.room : null),
      isCurrent: () => this.state.phase === 'current',
      mine: () => this.#membership.begun ?? digestOf(options.known?.() ?? []),
      missed,
    });
  }

  start(): void {
    const wire = this.#wire;
    const membership = this.#membership;
    this.#offs.push(
      wire.on('connect', () => this.#connected()),
      wire.on('disconnect', () => this.#lose()),
      wire.on('beat', ({ origin, rooms }) => membership.compare(origin, rooms)),
      wire.on('scope:stale', (message) => membership.receive({ event: 'scope:stale', message })),
      ...newsEvents.map((event) => this.#listen(event)),
    );
    this.#readings.want(wire.connected() ? 0 : this.#timing.connectGrace);
    this.#digests.start();
  }

  refresh(): void {
    this.#readings.want(0);
  }

  wake(): void {
    this.#distrust();
    this.#readings.want(0);
  }

  shownChanged(): void {
    clearTimeout(this.#shownTimer);
    this.#shownTimer = setTimeout(
      () => void this.#membership.tellShown(),
      this.#timing.shownSettle,
    );
  }

  stop(): void {
    this.#stopping.abort();
    for (const off of this.#offs) off();
    this.#readings.stop();
    this.#digests.stop();
    clearTimeout(this.#shownTimer);
    this.#membership.leave();
  }

  #listen<E extends NewsEvent>(event: E): () => void {
    const hear = (message: News['message']) => this.#membership.receive({ event, message } as News);
    return this.#wire.on(event, hear as LiveEvents[E]);
  }

  #connected(): void {
    this.#lose();
    this.#readings.forgetFailures();
    this.#readings.want(0);
  }

  #lose(): void {
    this.#membership.lose();
    this.#distrust();
  }

  #missed(): void {
    this.#distrust();
    this.#readings.wantSpaced();
  }

  /** What is shown can no longer be kept current by messages. */
  #distrust(): void {
    this.#membership.mustEnter = true;
    if (this.#hasSnapshot) this.#become({ ...this.state, phase: 'behind' });
  }

  #hear(heard: Heard): void {
    if (heard.event === 'scope:stale') return this.#missed();
    const refetch = heard.event === 'fleet:moved' || this.#options.refetchOn?.(heard);
    this.#kept?.push(heard);
    if (this.#hasSnapshot) this.#options.hear(heard);
    if (refetch) this.#readings.wantSpaced();
  }

  /** Whether the page lacks nothing now. */
  async #read(): Promise<boolean> {
    try {
      return (await this.#readOver()) === null;
    } catch (error) {
      this.#membership.mustEnter = true;
      const phase = this.#hasSnapshot ? 'behind' : 'loading';
      if (!this.#stopping.signal.aborted) this.#become({ phase, error });
      return false;
    } finally {
      this.#kept = null;
    }
  }

  /** Hands back what the page lacks still; null: nothing. */
  async #readOver(): Promise<Lack | null> {
    const membership = this.#membership;
    const { connection } = membership;
    const isConnected = this.#wire.connected();
    // Without a connection there is nothing to keep a second reading current; the next connect reads.
    if (!isConnected && this.#hasSnapshot) return null;
    this.#kept = [];
    if (isConnected && membership.mustEnter) await membership.enter();
    const { signal } = this.#stopping;
    const patience = AbortSignal.timeout(this.#timing.fetchPatience);
    const snapshot = await this.#options.fetch(AbortSignal.any([signal, patience]));
    if (signal.aborted) return null;
    const lack = this.#options.apply(snapshot) ?? null;
    this.#hasSnapshot = true;
    for (const news of this.#kept) this.#options.hear(news);
    this.#kept = null;
    const isWatched =
      isConnected && connection === membership.connection && membership.room !== null;
    if (isWatched && isListScope(this.#options.scope())) await membership.tellShown();
    const isCurrent = isWatched && !membership.mustEnter && connection === membership.connection;
    this.#become({ phase: isCurrent && lack !== 'old' ? 'current' : 'behind', error: null });
    return lack;
  }

  #become(state: WatchState): void {
    if (state.phase === this.state.phase && state.error === this.state.error) return;
    this.state = state;
    this.#options.onState?.(state);
  }
}
