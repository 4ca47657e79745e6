import type { Beat } from '#contract/socket.ts';
import { ServerClock } from './clock.ts';
import { type Connection, connect } from './connection.ts';
import { type Freshness, judgeFreshness } from './freshness.ts';
import { onWake } from './wake.ts';
import {
  type Timing,
  type Watch,
  type WatchOptions,
  type WatchState,
  defaultTiming,
  watchScope,
} from './watcher.ts';
import type { LiveEvents } from './wire.ts';

/**
 * A moment on both clocks of this machine: the steady one may stand still while it sleeps, the other may be set.
 * What has passed is the larger of the two.
 */
const mark = () => ({ date: Date.now(), steady: performance.now() });
const since = ({ date, steady }: ReturnType<typeof mark>) =>
  Math.max(Date.now() - date, performance.now() - steady);

type Timer = ReturnType<typeof setTimeout> | undefined;
/** Milliseconds, at least, until a connection is tried again that the server did not want. */
const refusedRetry = 1_000;

/** The page's live connection: how current it is, the server's clock, and watches. */
class Live {
  /** Judged once a second. */
  freshness = $state.raw<Freshness>({ level: 'connecting', since: null, reason: null });
  /** The server's build, which changes when a new one is rolled out. */
  build = $state.raw<string | null>(null);
  readonly #clock = new ServerClock();
  #connection: Connection | null = null;
  #startedAt = mark();
  #goodBeatAt: ReturnType<typeof mark> | null = null;
  #badBeat: string | null = null;
  readonly #watches = new Map<Watch, { behindSince: ReturnType<typeof mark> | null }>();
  readonly #dial: () => Connection;
  readonly #timing: Timing;

  constructor(dial: () => Connection = connect, timing: Partial<Timing> = {}) {
    this.#dial = dial;
    this.#timing = { ...defaultTiming, ...timing };
  }

  /** The server's present in milliseconds, from this machine's clock and what beats say of the difference. */
  readonly now = (): number => this.#clock.at(Date.now());

  /**
   * Opens the connection, once for the page; returns how to close it. Watches outlast that, and go on when it is opened
   * again.
   * @param isLetIn asked when the server ends or refuses the connection; if so it is tried again
   */
  start(isLetIn: () => Promise<boolean>): () => void {
    const connection = this.#open();
    connection.open();
    this.#startedAt = mark();
    this.#goodBeatAt = null;
    let retry: Timer;
    let stopped = false;
    connection.onRefused(async () => {
      const again = await isLetIn();
      const delay = refusedRetry * (1 + Math.random());
      if (again && !stopped) retry = setTimeout(() => connection.open(), delay);
    });
    const offs = [
      connection.wire.on('beat', (beat) => this.#hearBeat(beat)),
      // Why it falls silent, should it stay so for long; the next good beat takes the words back.
      connection.wire.on('bye', ({ reason }) => (this.#badBeat = reason)),
      onWake(() => this.#wake()),
    ];
    const timer = setInterval(() => this.#judge(), 1_000);
    return () => {
      stopped = true;
      for (const off of offs) off();
      clearInterval(timer);
      clearTimeout(retry);
      connection.close();
    };
  }

  /** Hears what is told to this connection alone. Hands back its `off`. */
  on<E extends keyof LiveEvents>(event: E, hear: LiveEvents[E]): () => void {
    return this.#open().wire.on(event, hear);
  }

  /** Keeps something on the page current until it is stopped: see `WatchOptions`. */
  watch<Snapshot>(options: WatchOptions<Snapshot>): Watch {
    const entry: { behindSince: ReturnType<typeof mark> | null } = { behindSince: mark() };
    const onState = (state: WatchState) => {
      // A page that shows an error instead of data shows nothing old.
      const isHonest = state.phase === 'loading' && state.error !== null;
      if (state.phase === 'current' || isHonest) entry.behindSince = null;
      else entry.behindSince ??= mark();
      options.onState?.(state);
      this.#judge();
    };
    const watch = watchScope(this.#open().wire, { ...options, onState }, this.#timing);
    this.#watches.set(watch, entry);
    const stop = () => {
      this.#watches.delete(watch);
      watch.stop();
    };
    return {
      stop,
      refresh: () => watch.refresh(),
      shownChanged: () => watch.shownChanged(),
      wake: () => watch.wake(),
      get state() {
        return watch.state;
      },
    };
  }

  #open(): Connection {
    // A page's own effects run before its layout's, so whoever comes first opens.
    this.#connection ??= this.#dial();
    return this.#connection;
  }

  #hearBeat(beat: Beat): void {
    this.#clock.hear(Date.parse(beat.at), Date.now());
    this.build = beat.build;
    this.#badBeat = beat.ok ? null : beat.reason;
    if (beat.ok) this.#goodBeatAt = mark();
    this.#judge();
  }

  #wake(): void {
    this.#open().hurry();
    for (const watch of this.#watches.keys()) watch.wake();
    this.#judge();
  }

  #judge(): void {
    const behind = [...this.#watches.values()].flatMap(({ behindSince }) =>
      behindSince === null ? [] : since(behindSince),
    );
    const freshness = judgeFreshness({
      sinceGoodBeat: this.#goodBeatAt && since(this.#goodBeatAt),
      sinceStart: since(this.#startedAt),
      badBeat: this.#badBeat,
      behindFor: behind.length === 0 ? null : Math.max(...behind),
      serverNow: this.now(),
    });
    const before = this.freshness;
    const isSame = freshness.level === before.level && freshness.reason === before.reason;
    // While all is well the moment moves on each second, and nobody shows it.
    if (isSame && freshness.level === 'fresh') return;
    if (isSame && Math.abs((freshness.since ?? 0) - (before.since ?? 0)) < 500) return;
    this.freshness = freshness;
  }
}

export const live = new Live();

/** A live connection of another kind: opened by `dial`, and with other patience. */
export const openLive = (dial: () => Connection, timing: Partial<Timing>) => new Live(dial, timing);
