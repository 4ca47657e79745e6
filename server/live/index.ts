import type { Instant } from '#contract/instance.ts';
import { toInstant } from '#domain/instant.ts';
import type { Time } from '#domain/model.ts';
import type { Guests } from '#server/accounts/index.ts';
import type { Config } from '#server/config.ts';
import type { Reports, WallReads } from '#server/reports/index.ts';
import type { ScreenDoor } from '#server/screens/index.ts';
import type { ScreenAnnouncement } from '#server/store/announce.ts';
import { randomUUID } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { probeWithin, startBeats, within } from './beat.ts';
import type { Cluster } from './cluster.ts';
import { Distributor } from './distributor.ts';
import { letIn, showOut } from './guests.ts';
import { seatScreens } from './screen-seats.ts';
import { openIo } from './io.ts';
import type { Change, Publisher } from './publisher.ts';
import type { RoomKind } from './room.ts';
import { Rooms } from './rooms.ts';
import { handleSocket } from './watch.ts';

export { roomKinds as kindsOfRooms } from './room.ts';

/** Milliseconds that connections have to end in good order. */
const closeWithin = 500;

export interface LiveDeps {
  http: HttpServer;
  reports: Pick<
    Reports,
    | 'summariesAsOf'
    | 'counts'
    | 'revisions'
    | 'digest'
    | 'instance'
    | 'customerRows'
    | 'customerRevisions'
    | 'customersDigest'
    | 'catalogDigest'
  >;
  wall: Pick<WallReads, 'items' | 'members' | 'digest'>;
  config: Pick<Config, 'publicUrl' | 'redisUrl' | 'trustProxy'>;
  build: string;
  guests: Guests;
  screens: ScreenDoor;
  log: Logger;
  /** Rejects if the database cannot be read now. */
  probeDatabase: () => Promise<void>;
  /** Hears how many seconds after a change was published a room was told of it. */
  told?: (seconds: number) => void;
  /** Milliseconds between beats; tests shorten it. */
  beatEvery?: number;
}

export interface Live {
  publisher: Publisher;
  /** To screens of this process, or those who look at the list of them. */
  tellScreens(said: ScreenAnnouncement): void;
  /** One sentence if the last beat could not vouch for what is shown, or there has been none of late. */
  doubt(): string | null;
  /** Says farewell on every live connection and ends it, and has the HTTP server take no new request; whether its last one is answered is not waited for. */
  close(): Promise<void>;
  stats(): LiveStats;
}

export interface LiveStats {
  sockets: number;
  rooms: number;
  roomsByKind: Record<RoomKind, number>;
  messages: number;
  passes: number;
  summaries: number;
  failures: number;
}

/** Opens the live room of this process: who watches what, and what they are told. */
export async function createLive(deps: LiveDeps): Promise<Live> {
  const { log, config, reports, wall } = deps;
  const origin = randomUUID();
  const rooms = new Rooms();
  const io = openIo({ http: deps.http, publicUrl: config.publicUrl, log });
  const distributor = new Distributor({
    rooms,
    reports,
    wall,
    origin,
    log,
    told: deps.told,
    // `local`: each process numbers and tells its own sockets; the others hear of the change, not of the message.
    emit: (room, event, message) => io.local.to(room).emit(event, message as never),
  });
  let newestSeen: Time | null = null;
  const take = (change: Change): void => {
    for (const { at } of change.seen) newestSeen = Math.max(newestSeen ?? at, at);
    distributor.take(change);
  };
  // Loaded only where it is wanted: Redis's client is a third of all that a start would read.
  const cluster: Cluster | null =
    config.redisUrl === null
      ? null
      : (await import('./cluster.ts')).joinCluster({
          io,
          redisUrl: config.redisUrl,
          origin,
          log,
          heard: take,
          lost: () => distributor.stale(),
        });

  letIn(io, deps.guests, log, (auth) => deps.screens.isScreen(auth));
  const screens = seatScreens({
    io,
    rooms,
    door: deps.screens,
    trustProxy: config.trustProxy,
    log,
  });
  io.on('connection', (socket) =>
    handleSocket(socket, {
      rooms,
      distributor,
      reports,
      wall,
      screens: deps.screens,
      origin,
      log,
    }),
  );
  const beats = startBeats({
    io,
    rooms,
    origin,
    build: deps.build,
    every: deps.beatEvery,
    probe: createProbe(deps, cluster, distributor),
    showOut: async () => {
      await Promise.all([showOut(io, deps.guests, log), screens.recheck()]);
    },
    lastCheckInAt: () => later(newestSeen, newestRead(distributor)),
  });

  return {
    publisher: {
      publish(change) {
        try {
          take(change);
          cluster?.send(change);
        } catch (error) {
          log.error({ err: error }, 'a change could not be published');
          distributor.stale();
        }
      },
      edited: (customerIds) => distributor.edited(customerIds),
      stale: () => distributor.stale(),
    },
    tellScreens(said) {
      if (said.kind === 'screen') screens.tell(said);
      distributor.screensChanged();
    },
    doubt: () => beats.doubt(),
    async close() {
      beats.close();
      await distributor.close();
      await cluster?.close();
      io.local.emit('bye', { reason: 'The server is restarting.' });
      await Promise.race([
        io.close(),
        new Promise((done) => setTimeout(done, closeWithin).unref()),
      ]);
    },
    stats: () => ({
      sockets: io.of('/').sockets.size,
      rooms: rooms.byName.size,
      roomsByKind: rooms.count(),
      messages: distributor.messages,
      passes: distributor.passes,
      summaries: distributor.loaders.reduce((sum, { loadedEver }) => sum + loadedEver, 0),
      failures: distributor.loaders.reduce((sum, { failuresEver }) => sum + failuresEver, 0),
    }),
  };
}

/** One sentence that says why viewers may not see what is, or null. */
function createProbe(deps: LiveDeps, cluster: Cluster | null, distributor: Distributor) {
  let apart = false;
  return async (): Promise<string | null> => {
    const [database, others] = await Promise.allSettled([
      within(probeWithin, deps.probeDatabase()),
      cluster?.probe(probeWithin),
    ]);
    if (others.status === 'fulfilled' && apart) {
      // What the others told meanwhile may be lost.
      distributor.stale();
      apart = false;
    }
    if (database.status === 'rejected') return 'The database does not answer.';
    if (others.status === 'rejected') {
      apart = true;
      return 'The connection to the other server processes is broken.';
    }
    const failing = distributor.loaders.map(({ failingFor }) => failingFor);
    if (Math.max(distributor.busyFor, ...failing) > probeWithin)
      return 'Changes cannot be read from the database.';
    return null;
  };
}

function newestRead({ loaders }: Distributor): Instant | null {
  return loaders
    .map(({ newestCheckInAt }) => newestCheckInAt)
    .reduce((a, b) => (a === null || (b !== null && a < b) ? b : a));
}

function later(seen: Time | null, read: Instant | null): Instant | null {
  if (seen === null) return read;
  const instant = toInstant(seen);
  return read === null || read < instant ? instant : read;
}
