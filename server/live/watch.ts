import {
  type Digest,
  type Refusable,
  type Scope,
  type Watching,
  scope as scopeSchema,
} from '#contract/socket.ts';
import type { Reports, WallReads } from '#server/reports/index.ts';
import type { ScreenDoor } from '#server/screens/index.ts';
import type { Logger } from 'pino';
import { z } from 'zod';
import { catchUp, catchUpCustomers } from './catch-up.ts';
import type { Distributor } from './distributor.ts';
import { mayAsk, mayWatch } from './guests.ts';
import type { LiveSocket } from './io.ts';
import { createRateLimit } from './rate-limit.ts';
import type { Asked, Room } from './room.ts';
import type { Rooms } from './rooms.ts';

export interface WatchDeps {
  rooms: Rooms;
  distributor: Distributor;
  reports: Pick<
    Reports,
    'revisions' | 'digest' | 'instance' | 'customerRevisions' | 'customersDigest' | 'catalogDigest'
  >;
  wall: Pick<WallReads, 'digest'>;
  screens: Pick<ScreenDoor, 'digest'>;
  origin: string;
  log: Logger;
}

const requestsPerSecond = 20;
const roomNameSchema = z.string().max(1_000);

/** Answers what one socket asks for. Whatever it sends, nothing is thrown and nobody else notices. */
export function handleSocket(socket: LiveSocket, deps: WatchDeps): void {
  const rate = createRateLimit(requestsPerSecond);
  /** Runs a handler with its three refusals: too often, not understood, failed. */
  const answer = async <T>(reply: unknown, handle: () => Promise<Refusable<T>>): Promise<void> => {
    // A client that wants no answer sends no function.
    const send = typeof reply === 'function' ? (reply as (value: Refusable<T>) => void) : () => {};
    if (!rate.allows())
      return send(refuse('too_many', 'Too many requests on this connection; wait a second.'));
    if (!mayAsk(socket)) return send(refuse('forbidden', 'You may not watch this.'));
    try {
      send(await handle());
    } catch (error) {
      if (error instanceof z.ZodError) return send(refuse('invalid', describe(error)));
      deps.log.warn({ err: error }, 'a live request failed');
      send(refuse('overloaded', 'This could not be read just now; try again.'));
    }
  };

  socket.on(
    'watch',
    (sent: unknown, reply: unknown) => void answer(reply, () => watch(socket, deps, sent)),
  );
  socket.on(
    'digest',
    (sent: unknown, reply: unknown) => void answer(reply, () => digest(socket, deps, sent)),
  );
  socket.on('unwatch', (sent: unknown) => {
    const name = roomNameSchema.safeParse(sent);
    if (name.success && deps.rooms.leave(socket.id, name.data)) void socket.leave(name.data);
  });
  socket.on('disconnect', () => deps.rooms.leaveAll(socket.id));
}

async function watch(
  socket: LiveSocket,
  deps: WatchDeps,
  sent: unknown,
): Promise<Refusable<Watching>> {
  const wanted = scopeSchema.parse(sent);
  if (!mayWatch(socket, wanted)) return refuse('forbidden', 'You may not watch this.');
  const scope = knownScope(socket, wanted);
  const { room, left } = deps.rooms.enter(socket.id, scope);
  if (left) void socket.leave(left.name);
  void socket.join(room.name);
  if (scope.kind === 'instance') {
    await resolveInstance(room, deps);
    if (!room.sockets.has(socket.id))
      return refuse('conflict', 'Another watch has replaced this one.');
  }
  if (scope.kind === 'screen') {
    await deps.distributor.walls.prepare(room);
    if (!room.sockets.has(socket.id))
      return refuse('conflict', 'Another watch has replaced this one.');
  }
  if (scope.kind === 'screens') {
    const known = await deps.screens.digest();
    return { ...numbered(room, deps), digest: known };
  }
  if (scope.kind === 'catalog') {
    // Read before the number is taken, which is before the viewer fetches: what it gets is never older than this.
    const known = await deps.reports.catalogDigest();
    return { ...numbered(room, deps), digest: known };
  }
  // The number is taken as the answer leaves: what went before it is in the snapshot that the viewer now fetches.
  const watching = numbered(room, deps);
  if (scope.kind === 'list' && scope.shown.length > 0) void catchUp(room, scope, deps);
  if (scope.kind === 'customers' && scope.shown.length > 0)
    void catchUpCustomers(room, scope, deps);
  return watching;
}

const numbered = (room: Room, { origin }: WatchDeps): Watching => ({
  origin,
  room: room.name,
  seq: room.seq,
  at: new Date().toISOString(),
});

/** What the scope comes to for whoever sits there. */
function knownScope({ data }: LiveSocket, wanted: Scope): Asked {
  if (wanted.kind === 'wall') return { kind: 'screen', scope: wanted.scope, redaction: 'full' };
  if (wanted.kind !== 'screen') return wanted;
  const { scope, redaction } = data.screen!;
  return { kind: 'screen', scope, redaction };
}

/** Messages of an instance come by its internal id, which the viewer need not know. */
async function resolveInstance(room: Room, deps: WatchDeps): Promise<void> {
  const { watched } = room;
  if (watched.kind !== 'instance' || watched.id !== null) return;
  const report = await deps.reports.instance(watched.customerId, watched.instanceId);
  if (report) deps.rooms.resolve(room, report.row.id);
}

async function digest(
  socket: LiveSocket,
  deps: WatchDeps,
  sent: unknown,
): Promise<Refusable<Digest>> {
  const name = roomNameSchema.parse(sent);
  const room = deps.rooms.byName.get(name);
  if (!room?.sockets.has(socket.id))
    return refuse('not_found', 'This connection does not watch that room.');
  const { watched } = room;
  if (watched.kind === 'list') return deps.reports.digest({ ids: [...watched.shown] });
  if (watched.kind === 'customer') return deps.reports.digest({ customerId: watched.customerId });
  if (watched.kind === 'customers') return deps.reports.customersDigest([...watched.shown]);
  if (watched.kind === 'catalog') return deps.reports.catalogDigest();
  if (watched.kind === 'screen') return deps.wall.digest(watched.scope);
  if (watched.kind === 'screens') return deps.screens.digest();
  return deps.reports.digest({ customerId: watched.customerId, instanceId: watched.instanceId });
}

const refuse = (code: string, message: string) => ({ error: { code, message } });

function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'The request was not understood.';
  return `${issue.path.join('.') || 'request'}: ${issue.message}`;
}
