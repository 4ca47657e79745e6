import type { Bar, BarAxis, Instant } from './instance.ts';
import type { AppStatus, Attention, Presence, StatusValue } from './status.ts';

// What wall screens read. Types and plain functions only: the wall's bundle takes nothing else along.

/** How much of a customer's name a screen is told. The server applies it: what is hidden never leaves it. */
export const redactions = ['full', 'initials', 'none'] as const;
export type Redaction = (typeof redactions)[number];

export const wallModes = ['instances', 'customers', 'customer'] as const;
/** One tile an instance, one tile a customer, or all of a single customer. */
export type WallMode = (typeof wallModes)[number];
export const wallThemes = ['dark', 'light', 'auto'] as const;
export type WallTheme = (typeof wallThemes)[number];
export const wallDensities = ['auto', 'bars', 'tiles', 'dots', 'counts'] as const;
/** `auto`: the largest step that fits. Another one is the largest that is taken. */
export type WallDensity = (typeof wallDensities)[number];

export interface WallOptions {
  mode: WallMode;
  theme: WallTheme;
  density: WallDensity;
  /** Seconds that a page stays, where there are several. */
  rotate: number;
  /** Chime once for each new problem. */
  sound: boolean;
  /** `HH:MM` in `tz`: dimmed and quiet from … to …, over midnight if `to` is the earlier; null: never. */
  night: { from: string; to: string } | null;
  /** IANA zone of the clock and of the night; null: the workspace's. */
  tz: string | null;
  /** Columns of tiles; null: as many as fit. */
  cols: number | null;
}

/** A moment in UTC milliseconds. Tuples are sent by the thousand, so theirs are not ISO strings. */
export type Millis = number;

/**
 * One instance, in as few bytes as it takes: see `readWallInstance`. A tuple only ever grows at its end, and its words
 * are those of status.ts, so that a wall of another build misreads nothing.
 */
export type WallTuple = [
  id: number,
  revision: number,
  label: string,
  customer: number,
  status: AppStatus | null,
  statusSince: Millis | null,
  attention: Attention,
  presence: Presence,
  presenceSince: Millis | null,
  lastCheckInAt: Millis,
  lateAfter: number | null,
  lateAt: Millis | null,
  monitored: 0 | 1,
  airGap: 0 | 1,
  today: Bar,
  closedDays?: Bar[],
];

/** A tuple with names. */
export interface WallInstance {
  /** Internal id: the identity on the wire. */
  id: number;
  /** Raised by every change of state; a lower one is ignored, and of two equal ones the later `asOf` counts. */
  revision: number;
  /** Its name, else the first seven characters of its id; where names are hidden `#` and `id`. */
  label: string;
  /** Number of its customer, the same on every screen and for good. */
  customer: number;
  status: AppStatus | null;
  statusSince: Millis | null;
  attention: Attention;
  presence: Presence;
  /** When the present presence began; null while current. */
  presenceSince: Millis | null;
  lastCheckInAt: Millis;
  /** Seconds of silence after which it is late; null: never, as it is air gap. */
  lateAfter: number | null;
  /** The moment at which it is late if it stays silent; null: never (air gap, refused). */
  lateAt: Millis | null;
  /** False: `ready`, but no status informer vouches for it. */
  monitored: boolean;
  airGap: boolean;
  /** Today so far, in seconds, as of `asOf` of the message. */
  today: Bar;
  /** Oldest first, 13 of them; null: not sent (more than `mostWithBars` in scope, or a message). */
  closedDays: Bar[] | null;
}

export function readWallInstance(tuple: WallTuple): WallInstance {
  return {
    id: tuple[0],
    revision: tuple[1],
    label: tuple[2],
    customer: tuple[3],
    status: tuple[4],
    statusSince: tuple[5],
    attention: tuple[6],
    presence: tuple[7],
    presenceSince: tuple[8],
    lastCheckInAt: tuple[9],
    lateAfter: tuple[10],
    lateAt: tuple[11],
    monitored: tuple[12] === 1,
    airGap: tuple[13] === 1,
    today: tuple[14],
    closedDays: tuple[15] ?? null,
  };
}

/** Up to so many instances in scope the snapshot brings their closed days. */
export const mostWithBars = 300;

/** `name` null: hidden; shown is "Customer" and the number. Initials: "GL". */
export type WallCustomer = [number: number, name: string | null];

/** One status or presence that became another. `statuses` as history keeps them; null: none was ever named. */
export interface WallTransition {
  /** Of the event; transitions are told apart by it. */
  id: number;
  at: Instant;
  instance: number;
  label: string;
  customer: number;
  /** As the snapshot's `customers` say it: the instance may be gone from there. */
  customerName: string | null;
  from: StatusValue | TransitionPresence | null;
  to: StatusValue | TransitionPresence | null;
}
export type TransitionPresence = 'active' | 'inactive' | 'refused';

/** Transitions in a snapshot, the newest first. */
export const mostTransitions = 20;

export interface WallCounts {
  /** In scope and not archived. */
  total: number;
  airGap: number;
  archived: number;
  byAttention: Record<Attention, number>;
  /**
   * Share ready is `ready ÷ monitored`: of instances that name a status which a status informer vouches for and that are
   * not air gap, those whose attention is `ready`; a late, refused or inactive one is not. 0 of 0: nobody knows.
   */
  monitored: number;
  ready: number;
}

/** GET /api/wall?screen=ID and, for people who are signed in, GET /api/fleet/wall: everything that is in scope. */
export interface WallSnapshot {
  asOf: Instant;
  build: string;
  /** The workspace's zone, by which days are cut. */
  zone: string;
  /** Of the bars: fourteen days, or only today where no closed days are sent. */
  axis: BarAxis;
  /** Null: a person looks. */
  screen: { id: string; name: string; revision: number; options: WallOptions } | null;
  redaction: Redaction;
  counts: WallCounts;
  /** Those that an instance here belongs to, by number. */
  customers: WallCustomer[];
  /** In attention order, within one the newest state first. */
  instances: WallTuple[];
  /** The newest first. */
  transitions: WallTransition[];
}

/**
 * The answer to POST /api/wall/session {token}, which sets the cookie; GET /api/wall and the handshake name the screen,
 * as a browser may have the cookies of several. 401 `unauthorized`: no screen has this token. 410 `revoked`: it was
 * revoked, or the screen has got another one. GET /api/wall answers 401 when the cookie is gone, and 410 likewise.
 */
export interface WallSession {
  screen: { id: string; name: string };
}

/**
 * `auth` of the live connection of a screen. It may watch `{kind: 'screen'}` and nothing else; people who are signed in
 * watch `{kind: 'wall', scope}` with a scope of screens.ts, and are told the same.
 */
export interface ScreenHandshake {
  screen: string;
  /** The build that the screen runs. */
  build: string;
}

/** `message` of the connect_error of a screen that is not let in: exchange the token again, and hear why. */
export const unknownScreen = 'This screen is not known here.';
