import type { Reports, WallReads } from '#server/reports/index.ts';
import type { Logger } from 'pino';
import { CustomerNews, mostCustomersInMessage } from './customer-news.ts';
import { FleetCounter } from './fleet-counter.ts';
import { InstanceNews, mostInstancesInMessage } from './instance-news.ts';
import { type Loaders, loaderFor, nextDue, spacing, waitsFor } from './next-due.ts';
import { isPending, take } from './pending.ts';
import { tellPlain } from './plain-news.ts';
import { Post, type PostDeps } from './post.ts';
import type { Change } from './publisher.ts';
import { RecentlySeen } from './recently-seen.ts';
import { type Room, kinds } from './room.ts';
import type { Rooms } from './rooms.ts';
import { type Recently, routeChange, routeEdit } from './route-change.ts';
import { WallNews } from './wall-news.ts';

export interface DistributorDeps extends PostDeps {
  rooms: Rooms;
  reports: Pick<Reports, 'summariesAsOf' | 'counts' | 'customerRows'>;
  wall: Pick<WallReads, 'items' | 'members'>;
  log: Logger;
}

/** What is taken out of rooms' news because it must be read before it is told. */
interface ToRead {
  walls: Set<Room>;
  customers: Map<Room, string[]>;
  instances: Map<Room, number[]>;
}

/**
 * Turns changes into messages to rooms. Runs one pass at a time; what arrives meanwhile is gathered, by id, for the
 * next. The first news after a calm goes out at once, the following at the spacing of their kind.
 */
export class Distributor {
  readonly #rooms: Rooms;
  readonly #log: Logger;
  readonly #post: Post;
  readonly #instances: InstanceNews;
  readonly #customers: CustomerNews;
  readonly #counter: FleetCounter;
  readonly walls: WallNews;
  readonly recently: Recently = { instances: new RecentlySeen(), customers: new RecentlySeen() };
  readonly #dirty = new Set<Room>();
  passes = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Infinity;
  #running: Promise<void> | null = null;
  /** Since when the present pass runs, on the process's monotonic clock. */
  #passSince = 0;
  #closed = false;

  constructor(deps: DistributorDeps) {
    const { rooms, reports, wall, log } = deps;
    this.#rooms = rooms;
    this.#log = log;
    this.#post = new Post(deps);
    this.#instances = new InstanceNews(reports, log, this.#post, (room, id) =>
      this.#resolved(room, id),
    );
    this.#customers = new CustomerNews(reports, log, this.#post);
    this.walls = new WallNews(wall, log, this.#post);
    this.#counter = new FleetCounter({ rooms, reports, log }, this.#post);
  }

  get messages(): number {
    return this.#post.messages;
  }

  /** How well reading goes: of instances, of customers, and of what is on walls. */
  get loaders() {
    return [this.#instances.loader, this.#customers.loader, this.walls.loader];
  }

  /** Milliseconds for which changes wait for a pass to end: a statement that is never answered fails only after long. */
  get busyFor(): number {
    return this.#running === null ? 0 : performance.now() - this.#passSince;
  }

  take(change: Change): void {
    const now = performance.now();
    for (const room of routeChange(this.#rooms, this.recently, change)) {
      this.#dirty.add(room);
      this.#post.noteWaiting(room, now);
    }
    if (change.changed.length + change.left.length > 0) this.#counter.want();
    this.#schedule();
  }

  /** These customers were edited. */
  edited(customerIds: string[]): void {
    for (const room of routeEdit(this.#rooms, customerIds)) this.note(room);
  }

  /** Every room fetches again. */
  stale(): void {
    for (const room of this.#rooms.byName.values()) this.#noteStale(room);
  }

  /** The list of screens is another one now. */
  screensChanged(): void {
    const room = this.#rooms.byName.get('screens');
    if (room) this.#noteStale(room);
  }

  /** The room has pending news. */
  note(room: Room): void {
    this.#dirty.add(room);
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  #noteStale(room: Room): void {
    room.pending.stale = true;
    this.note(room);
  }

  /** The room has become the room of an instance that its viewers could not yet have: they fetch it. */
  #resolved(room: Room, id: number): void {
    this.#rooms.resolve(room, id);
    this.#noteStale(room);
  }

  #schedule(): void {
    if (this.#running || this.#closed) return;
    const loaders: Loaders = {
      changed: this.#instances.loader,
      customers: this.#customers.loader,
      walls: this.walls.loader,
    };
    const at = Math.min(this.#counter.dueAt, nextDue(this.#dirty, loaders));
    if (at === Infinity || at >= this.#timerAt) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#start(), Math.max(0, at - performance.now()));
  }

  #start(): void {
    this.#timer = null;
    this.#timerAt = Infinity;
    this.#passSince = performance.now();
    this.#running = this.#pass()
      .catch((error: unknown) => this.#log.error({ err: error }, 'distributing changes failed'))
      .finally(() => {
        this.#running = null;
        this.#schedule();
      });
  }

  async #pass(): Promise<void> {
    this.passes += 1;
    // A pass that comes a little early for the timer's sake counts as punctual.
    const now = performance.now() + 1;
    const toRead: ToRead = { walls: new Set(), customers: new Map(), instances: new Map() };
    for (const room of this.#dirty) if (!this.#tellDue(room, now, toRead)) this.#dirty.delete(room);
    const { walls, customers, instances } = toRead;
    if (walls.size > 0) await this.walls.tell([...walls]);
    else if (!this.#isAwaited('walls')) this.walls.loader.forget();
    if (customers.size > 0) await this.#customers.tell(customers);
    else if (!this.#isAwaited('customers')) this.#customers.loader.forget();
    if (instances.size > 0) await this.#instances.tell(instances);
    else if (!this.#isAwaited('changed')) this.#instances.loader.forget();
    if (this.#counter.dueAt <= now) await this.#counter.tell();
  }

  /** Tells the room what is due, or takes it to be read first. False: the room has no news any more. */
  #tellDue(room: Room, now: number, toRead: ToRead): boolean {
    if (room.sockets.size === 0) return false;
    const { pending } = room;
    let isRead = false;
    for (const kind of kinds) {
      if (!isPending(room, kind) || room.sentAt[kind] + spacing[kind] > now) continue;
      isRead ||= loaderFor(room, kind) !== null;
      if (loaderFor(room, kind) === 'walls') toRead.walls.add(room);
      else if (kind === 'changed')
        toRead.instances.set(room, take(pending.changed, mostInstancesInMessage));
      else if (kind === 'customers')
        toRead.customers.set(room, take(pending.customers, mostCustomersInMessage));
      else {
        tellPlain(this.#post, room, kind);
        if (kind === 'stale') this.walls.forget(room);
      }
    }
    return isRead || kinds.some((kind) => isPending(room, kind));
  }

  #isAwaited(loader: keyof Loaders): boolean {
    return [...this.#dirty].some((room) => waitsFor(room, loader));
  }
}
