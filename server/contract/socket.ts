import { z } from 'zod';
import { type CustomerRow, customersQuery } from './customers.ts';
import type { InstanceEventView, InstanceSummary, Instant } from './instance.ts';
import { type FleetCounts, fleetQuery } from './reports.ts';
import { screenScope } from './screens.ts';
import type { Millis, WallCustomer, WallTransition, WallTuple } from './wall.ts';

/**
 * What a viewer may watch. A list says which rows it shows, with the revision it has of each:
 * the server answers with those that have moved on since, so nothing falls between fetch and watch.
 */
export const scope = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('list'),
    query: fleetQuery,
    shown: z.array(z.tuple([z.number().int(), z.number().int()])).max(1000),
  }),
  z.object({ kind: z.literal('customer'), customerId: z.string().min(1).max(200) }),
  z.object({
    kind: z.literal('instance'),
    customerId: z.string().min(1).max(200),
    instanceId: z.string().min(1).max(300),
  }),
  z.object({
    kind: z.literal('customers'),
    query: customersQuery,
    shown: z.array(z.tuple([z.string().min(1).max(200), z.number().int()])).max(1000),
  }),
  /** Apps, channels and releases: told only that they are others now (`scope:stale`). */
  z.object({ kind: z.literal('catalog') }),
  /** All that a wall shows: for a screen its own scope, for people the one they name, with full names. */
  z.object({ kind: z.literal('screen') }),
  z.object({ kind: z.literal('wall'), scope: screenScope.prefault({}) }),
  /** The list of screens, for who manages: told only that it is another one now (`scope:stale`). */
  z.object({ kind: z.literal('screens') }),
]);
export type Scope = z.infer<typeof scope>;

/** Every message to a room says which one it is: consecutive per server process (`origin`) and room. */
export interface Numbered {
  origin: string;
  room: string;
  seq: number;
}

export interface Watching {
  origin: string;
  room: string;
  /** Number of the room's last message before this watch began. */
  seq: number;
  /** The server's time as it answers; left out by builds that did not tell it. */
  at?: Instant;
  /** Of scopes whose pages know no revision to compare: the digest before the viewer fetches. */
  digest?: Digest;
}

export interface Digest {
  count: number;
  revisions: number;
  newestCheckInAt: Instant | null;
}

export type Refusable<T> = T | { error: { code: string; message: string } };

interface BeatBase {
  origin: string;
  at: Instant;
  build: string;
  /** Last sequence number of each room this socket is in. */
  rooms: Record<string, number>;
  /** Newest check-in that this server knows of. */
  lastCheckInAt: Instant | null;
}
/** Every five seconds. `ok: false`: the server cannot vouch that what you see is current; `reason` is one sentence. */
export type Beat = (BeatBase & { ok: true }) | (BeatBase & { ok: false; reason: string });

export interface ServerToClient {
  beat: (message: Beat) => void;
  /** This server process is about to end in good order: another, or the same again, answers in a moment. */
  bye: (message: { reason: string }) => void;
  'instances:changed': (
    message: Numbered & { asOf: Instant; instances: InstanceSummary[] },
  ) => void;
  'instances:seen': (message: Numbered & { seen: [id: number, lastCheckInAt: Instant][] }) => void;
  'instances:left': (message: Numbered & { ids: number[] }) => void;
  /** Rows of customers that the list shows, once a second at most. */
  'customers:changed': (message: Numbered & { asOf: Instant; customers: CustomerRow[] }) => void;
  'events:recorded': (message: Numbered & { events: InstanceEventView[] }) => void;
  'fleet:counted': (message: Numbered & { counts: FleetCounts }) => void;
  'fleet:moved': (message: Numbered) => void;
  /** What a wall shows changed; `customers` are those of `instances`. */
  'screen:changed': (
    message: Numbered & { asOf: Instant; instances: WallTuple[]; customers: WallCustomer[] },
  ) => void;
  /** Plain check-ins, once a second at most. */
  'screen:seen': (message: Numbered & { seen: [id: number, lastCheckInAt: Millis][] }) => void;
  /** No longer in scope. */
  'screen:left': (message: Numbered & { ids: number[] }) => void;
  /** For the ticker, oldest first. */
  'screen:ticked': (message: Numbered & { transitions: WallTransition[] }) => void;
  /** To one screen: its name, scope, redaction or options are others now. It has left its room: watch and fetch again. */
  'screen:edited': (message: { revision: number }) => void;
  /** To one screen: load the page anew. */
  'screen:reload': () => void;
  /** To one screen: flash your name. */
  'screen:identify': (message: { name: string }) => void;
  /** To one screen: its token opens nothing any more. The connection ends. */
  'screen:revoked': () => void;
  /** Something outside the stream of check-ins changed (an import, a lost message): watch and fetch again. */
  'scope:stale': (message: Numbered) => void;
}

export interface ClientToServer {
  /** Replaces what this socket watches in the room of the same kind. */
  watch: (scope: Scope, reply: (answer: Refusable<Watching>) => void) => void;
  unwatch: (room: string) => void;
  digest: (room: string, reply: (answer: Refusable<Digest>) => void) => void;
}
