import type { Instant } from '#contract/instance.ts';
import type { Numbered, Scope, ServerToClient } from '#contract/socket.ts';
import type { Known } from './digest.ts';

/** What a room may be told that changes what a page shows. */
export const newsEvents = [
  'instances:changed',
  'instances:seen',
  'instances:left',
  'customers:changed',
  'events:recorded',
  'fleet:counted',
  'fleet:moved',
  'screen:changed',
  'screen:seen',
  'screen:left',
  'screen:ticked',
] as const satisfies (keyof ServerToClient)[];
export type NewsEvent = (typeof newsEvents)[number];
export type News = {
  [E in NewsEvent]: { event: E; message: Parameters<ServerToClient[E]>[0] };
}[NewsEvent];
export type Heard = News | { event: 'scope:stale'; message: Numbered };

/** `unread`: in the place of a part stands why it is not here. `old`: what stood there before still does. */
export type Lack = 'unread' | 'old';

export interface WatchOptions<Snapshot> {
  /** Asked anew for each watch. A list names in `shown` the rows it has then, at most 1,000. */
  scope: () => Scope;
  /** Reads what is watched over HTTP. Rejects if that fails; it is tried again. */
  fetch: (signal: AbortSignal) => Promise<Snapshot>;
  /**
   * Shows the snapshot in place of, or merged with, what was shown. Hands back what it lacks where the page lives on
   * without it: all of it is then read again.
   */
  apply: (snapshot: Snapshot) => Lack | void;
  /** Merges one message into what is shown. May be called twice with the same one: once at once, once over a snapshot. */
  hear: (news: News) => void;
  /**
   * What is shown now, for the comparison with the server; a list: the rows of the last `shown`. Left out for the
   * catalog, which is compared with what the server knew when the page began to watch.
   */
  known?: () => Iterable<Known>;
  /**
   * News after which the whole is read again, at most once a second; `fleet:moved` always is. Asked before `hear`, so
   * that it can tell what is new.
   */
  refetchOn?: (news: News) => boolean;
  /**
   * Told the server's time as it answered, whenever the server was asked to let the page watch; `askedAt` is when, by
   * this machine's steady clock.
   */
  onTime?: (at: Instant, askedAt: number) => void;
  /** Told whenever it changes. */
  onState?: (state: WatchState) => void;
}

export interface WatchState {
  /** `loading`: nothing is here yet. `current`: messages keep it so. `behind`: it waits to be read again. */
  phase: 'loading' | 'current' | 'behind';
  /** What the last reading failed with; null once one succeeded. */
  error: unknown;
}

export interface Watch {
  /** Reads everything again, soon. */
  refresh(): void;
  /** Tells the server that a list shows other rows. */
  shownChanged(): void;
  /** The page was away (asleep, hidden, offline) and trusts nothing it has. */
  wake(): void;
  stop(): void;
  readonly state: WatchState;
}

/** Milliseconds; tests shorten them. */
export const defaultTiming = {
  /** How long a page waits for its connection before it reads without one. */
  connectGrace: 250,
  /** Between two readings for the same page, at least; more when readings are slow. */
  spacing: 1_000,
  fetchPatience: 20_000,
  firstRetry: 1_000,
  longestRetry: 30_000,
  digestEvery: 60_000,
  /** How long messages may be on their way when digests differ. */
  digestDoubt: 2_000,
  shownSettle: 150,
};
export type Timing = typeof defaultTiming;

/** Scopes of which the server must be told which rows are shown, once they are here. */
export const isListScope = ({ kind }: Scope): boolean => kind === 'list' || kind === 'customers';
