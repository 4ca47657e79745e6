import type { Beat } from '#contract/socket.ts';
import { type Connection, connect } from './connection.ts';
import type { Freshness } from './freshness.ts';
import { Pulse } from './pulse.ts';
import { onShown } from './wake.ts';
import {
  type Timing,
  type Watch,
  type WatchOptions,
  type WatchState,
  defaultTiming,
} from './watch-options.ts';
import { watchScope } from './watcher.ts';
import type { LiveEvents } from './wire.ts';

type Timer = ReturnType<typeof setTimeout> | undefined;
/** Milliseconds, at least, until a connection is tried again that the server did not want. */
const refusedRetry = 1_000;

/** The page's live connection: how current it is, the server's clock, and watches. */
class Live {
  /** Judged once a second. */
  freshness = $state.raw<Freshness>({ level: 'connecting', since: null, reason: null });
  /** The server's build, which changes when a new one is rolled out. */
  build = $state.raw<string | null>(null);
  readonly #pulse = new Pulse();
  #connection: Connection | null = null;
  /** Since when each of them waits to be read again, by the steady clock. */
  readonly #watches = new Map<Watch, { behindSince: number | null }>();
  readonly #dial: () => Connection;
  readonly #timing: Timing;

  constructor(dial: () => Connection = connect, timing: Partial<Timing> = {}) {
    this.#dial = dial;
    this.#timing = { ...defaultTiming, ...timing };
  }

  /** The server's present in milliseconds, by what it told of its own clock; whatever this machine's is set to. */
  readonly now = (): number => this.#pulse.now();

  /**
   * Opens the connection, once for the page; returns how to close it. Watches outlast that, and go on when it is opened
   * again.
   * @param isLetIn asked when the server ends or refuses the connection; if so it is tried again
   */
  start(isLetIn: () => Promise<boolean>): () => void {
    const connection = this.#open();
    connection.open();
    this.#pulse.restart();
    let retry: Timer;
    let stopped = false;
    connection.onRefused(async () => {
      const again = await isLetIn();
      const delay = refusedRetry * (1 + Math.random());
      if (again && !stopped) retry = setTimeout(() => connection.open(), delay);
    });
    const offs = [
      connection.wire.on('beat', (beat) => this.#hearBeat(beat)),
      connection.wire.on('bye', ({ reason }) => this.#pulse.hearFarewell(reason)),
      onShown(() => {
        this.#look();
        this.#wake();
      }),
    ];
    const freeze = () => {
      this.#pulse.freeze();
      this.#judge();
    };
    document.addEventListener('freeze', freeze);
    const timer = setInterval(() => {
      this.#stir();
      this.#judge();
    }, 1_000);
    return () => {
      stopped = true;
      document.removeEventListener('freeze', freeze);
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
    const entry: { behindSince: number | null } = { behindSince: this.#pulse.here };
    const onState = (state: WatchState) => {
      this.#stir();
      // What was read before a sleep proves nothing, and is behind by now.
      if (watch.state !== state) return;
      // A page that shows an error instead of data shows nothing old.
      const isHonest = state.phase === 'loading' && state.error !== null;
      if (state.phase === 'current' || isHonest) entry.behindSince = null;
      // What is shown was good when the server last vouched, not when it turned out to be behind.
      else entry.behindSince ??= this.#vouched();
      if (state.phase === 'current') this.#prove();
      options.onState?.(state);
      this.#judge();
    };
    const onTime: WatchOptions<Snapshot>['onTime'] = (at, askedAt) => {
      this.#stir();
      this.#pulse.hearAnswer(Date.parse(at), askedAt);
    };
    const watch = watchScope(this.#open().wire, { ...options, onState, onTime }, this.#timing);
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
    this.#stir();
    this.#pulse.hear(beat);
    this.build = beat.build;
    this.#judge();
  }

  /** Messages that waited while the page slept come before any timer, and must not vouch for what stands there. */
  #stir(): void {
    if (this.#look()) this.#wake();
  }

  #look(): boolean {
    return this.#pulse.look(document.visibilityState === 'visible');
  }

  #wake(): void {
    this.#pulse.wake();
    const since = this.#vouched();
    for (const [watch, entry] of this.#watches) {
      entry.behindSince = Math.min(entry.behindSince ?? since, since);
      watch.wake();
    }
    this.#open().hurry();
    this.#judge();
  }

  /** The moment up to which what is shown is vouched for, by the steady clock. */
  #vouched(): number {
    return this.#pulse.here - (this.#pulse.silence ?? 0);
  }

  #prove(): void {
    const all = [...this.#watches.values()];
    if (all.every(({ behindSince }) => behindSince === null)) this.#pulse.prove();
  }

  #judge(): void {
    const behind = [...this.#watches.values()].flatMap(({ behindSince }) =>
      behindSince === null ? [] : this.#pulse.here - behindSince,
    );
    const freshness = this.#pulse.judge(behind.length === 0 ? null : Math.max(...behind));
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
