import type { InstanceEventView } from '#contract/instance.ts';
import type { WallTransition, WallTuple } from '#contract/wall.ts';
import { isInScope } from '#domain/wall-scope.ts';
import {
  presentCustomers,
  presentTransition,
  presentTuple,
  type WallItem,
  type WallReads,
} from '#server/reports/index.ts';
import type { Logger } from 'pino';
import { BatchLoader, failuresUntilStale } from './batch-loader.ts';
import { spacing } from './next-due.ts';
import { take } from './pending.ts';
import type { Body, Post, RoomEvent } from './post.ts';
import type { Kind, Room, Wall } from './room.ts';

/** Tuples in one message; the rest of a flood follows in the next. */
const mostInMessage = 500;

/** What is taken out of a room's news to be told in one go. */
interface Batch {
  room: Room;
  wall: Wall;
  ids: number[];
  events: InstanceEventView[];
}

/** Reads what walls wait for, once for all of them, and tells each what it may know of it. */
export class WallNews {
  readonly loader: BatchLoader<number, WallItem>;
  readonly #reads: Pick<WallReads, 'members'>;
  readonly #post: Post;
  readonly #preparing = new WeakMap<Room, Promise<void>>();

  constructor(reads: Pick<WallReads, 'items' | 'members'>, log: Logger, post: Post) {
    this.loader = new BatchLoader(
      { read: (ids) => reads.items(ids), what: 'instances on walls' },
      log,
    );
    this.#reads = reads;
    this.#post = post;
  }

  /**
   * Reads which instances are in the room's scope, unless that is known. Rejects if it cannot be read now. What changes
   * meanwhile waits in the room and is looked at afterwards, so nothing falls in between.
   */
  async prepare(room: Room): Promise<void> {
    const { watched } = room;
    if (watched.kind !== 'screen' || watched.members !== null) return;
    const running = this.#preparing.get(room);
    if (running) return running;
    const work: Promise<void> = this.#reads.members(watched.scope).then(
      (ids) => {
        if (this.#preparing.get(room) !== work) return this.prepare(room);
        this.#preparing.delete(room);
        watched.members = new Set(ids);
      },
      (error: unknown) => {
        if (this.#preparing.get(room) === work) this.#preparing.delete(room);
        throw error;
      },
    );
    this.#preparing.set(room, work);
    return work;
  }

  /** Which instances are in the room's scope may be others now; a reading that has begun does not count. */
  forget(room: Room): void {
    if (room.watched.kind === 'screen') room.watched.members = null;
    this.#preparing.delete(room);
  }

  /** Never rejects; what could not be read waits for the next time. */
  async tell(rooms: Room[]): Promise<void> {
    const batches: Batch[] = [];
    try {
      for (const room of rooms) {
        await this.prepare(room);
        if (room.watched.kind === 'screen') batches.push(takeBatch(room, room.watched));
      }
    } catch (error) {
      this.loader.fail(error);
      return batches.forEach((batch) => this.#putBack(batch));
    }
    const wanted = batches.flatMap(({ ids, events }) => [...ids, ...events.map(instanceOf)]);
    const loaded =
      wanted.length === 0
        ? { asOf: '', items: new Map<number, WallItem>() }
        : await this.loader.load(new Set(wanted));
    for (const batch of batches) {
      if (loaded === null) this.#putBack(batch);
      else if (batch.room.sockets.size > 0) this.#tellOne(batch, loaded.asOf, loaded.items);
    }
  }

  #tellOne({ room, wall, ids, events }: Batch, asOf: string, items: Map<number, WallItem>): void {
    const members = (wall.members ??= new Set());
    wall.arriving.clear();
    const { redaction } = wall;
    const left: number[] = [];
    const inScope: WallItem[] = [];
    for (const id of ids) {
      const item = items.get(id);
      if (item && isInScope(wall.scope, item.scopeFacts)) {
        members.add(id);
        inScope.push(item);
      } else if (members.delete(id)) left.push(id);
    }
    if (left.length > 0) this.#send(room, 'left', 'screen:left', { ids: left });
    if (inScope.length > 0) {
      const instances: WallTuple[] = inScope.map((item) => presentTuple(item, redaction));
      const customers = presentCustomers(inScope, redaction);
      this.#send(room, 'changed', 'screen:changed', { asOf, instances, customers });
    }
    if (ids.length > 0) this.#post.noteTold(room);
    const transitions = events.flatMap((event): WallTransition | [] => {
      const item = members.has(event.instance) ? items.get(event.instance) : undefined;
      return item ? presentTransition(event, item, redaction) : [];
    });
    if (transitions.length > 0) this.#send(room, 'events', 'screen:ticked', { transitions });
    this.#tellSeen(room, members);
  }

  #tellSeen(room: Room, members: Set<number>): void {
    const { pending, sentAt } = room;
    if (pending.seen.size === 0 || sentAt.seen + spacing.seen > performance.now() + 1) return;
    const seen = [...pending.seen]
      .filter(([id]) => members.has(id))
      .map(([id, at]): [number, number] => [id, Date.parse(at)]);
    pending.seen.clear();
    if (seen.length > 0) this.#send(room, 'seen', 'screen:seen', { seen });
  }

  #send<E extends RoomEvent>(room: Room, kind: Kind, event: E, body: Body<E>): void {
    room.sentAt[kind] = performance.now();
    this.#post.send(room, event, body);
  }

  #putBack({ room, wall, ids, events }: Batch): void {
    wall.arriving.clear();
    for (const id of ids) room.pending.changed.add(id);
    for (const event of events) room.pending.events.set(event.id, event);
    if (this.loader.failures === failuresUntilStale) room.pending.stale = true;
  }
}

function takeBatch(room: Room, wall: Wall): Batch {
  const { pending } = room;
  const ids = take(pending.changed, mostInMessage);
  const events = [...pending.events.values()];
  pending.events.clear();
  for (const id of ids) wall.arriving.add(id);
  return { room, wall, ids, events };
}

const instanceOf = ({ instance }: InstanceEventView): number => instance;
