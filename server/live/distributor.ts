import type { InstanceSummary } from '#contract/instance.ts';
import type { Numbered, ServerToClient } from '#contract/socket.ts';
import type { Reports } from '#server/reports/index.ts';
import type { Logger } from 'pino';
import { BatchLoader, failuresUntilStale } from './batch-loader.ts';
import { CustomerNews, mostCustomersInMessage } from './customer-news.ts';
import { isNamed, isPending, take } from './pending.ts';
import type { Change } from './publisher.ts';
import { RecentlySeen } from './recently-seen.ts';
import { type Kind, type Room, type Watched, kinds } from './room.ts';
import type { Rooms } from './rooms.ts';
import { countedSpacing, nextDue, spacing } from './next-due.ts';
import { routeChange, routeEdit } from './route-change.ts';
import { WallNews } from './wall-news.ts';
import type { WallReads } from '#server/reports/index.ts';

/** Summaries in one message; the rest of a flood follows in the next. */
const mostInMessage = 500;

/** Events of which each message says which one it is. */
type RoomEvent = {
  [E in keyof ServerToClient]: Parameters<ServerToClient[E]> extends [Numbered] ? E : never;
}[keyof ServerToClient];
type Body<E extends RoomEvent> = Omit<Parameters<ServerToClient[E]>[0], keyof Numbered>;

export interface DistributorDeps {
  rooms: Rooms;
  reports: Pick<Reports, 'summariesAsOf' | 'counts' | 'customerRows'>;
  wall: Pick<WallReads, 'items' | 'members'>;
  origin: string;
  log: Logger;
  /** Hands a numbered message to the sockets of this process that are in the room. */
  emit: (room: string, event: RoomEvent, message: Numbered) => void;
  /** Hears how many seconds after a change was taken a room was told of it. */
  told?: (seconds: number) => void;
}

/**
 * Turns changes into messages to rooms. Runs one pass at a time; what arrives meanwhile is gathered, by id, for the
 * next. The first news after a calm goes out at once, the following at the spacing above.
 */
export class Distributor {
  readonly #deps: DistributorDeps;
  readonly #recently = {
    instances: new RecentlySeen(),
    customers: new RecentlySeen<string>(),
  };
  readonly #dirty = new Set<Room>();
  /** Since when a room waits to be told of changes, on the process's monotonic clock. */
  readonly #waitingSince = new WeakMap<Room, number>();
  readonly #loader: BatchLoader<number, InstanceSummary>;
  readonly #customers: CustomerNews;
  readonly walls: WallNews;
  messages = 0;
  passes = 0;
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Infinity;
  #running: Promise<void> | null = null;
  /** Since when the present pass runs, on the process's monotonic clock. */
  #passSince = 0;
  #closed = false;
  #countsWanted = false;
  #countedAt = -Infinity;

  constructor(deps: DistributorDeps) {
    this.#deps = deps;
    const read = async (ids: number[]) => {
      const { asOf, instances } = await deps.reports.summariesAsOf(ids);
      return { asOf, items: instances };
    };
    this.#loader = new BatchLoader({ read, what: 'changed instances' }, deps.log);
    this.#customers = new CustomerNews(deps.reports, deps.log, (room, news) =>
      this.#send(room, 'customers:changed', news),
    );
    this.walls = new WallNews(deps.wall, deps.log, {
      send: (room, event, body) => this.#send(room, event, body),
      told: (room) => this.#noteTold(room),
    });
  }

  /** How well reading goes: of instances, and of customers. */
  get loaders(): Readonly<
    Pick<
      BatchLoader<number, InstanceSummary>,
      'failingFor' | 'failuresEver' | 'loadedEver' | 'newestCheckInAt'
    >
  >[] {
    return [this.#loader, this.#customers.loader, this.walls.loader];
  }

  /** Milliseconds for which changes wait for a pass to end: a statement that is never answered fails only after long. */
  get busyFor(): number {
    return this.#running === null ? 0 : performance.now() - this.#passSince;
  }

  take(change: Change): void {
    const now = performance.now();
    for (const room of routeChange(this.#deps.rooms, this.#recently, change)) {
      this.#dirty.add(room);
      if (room.pending.changed.size > 0 && !this.#waitingSince.has(room))
        this.#waitingSince.set(room, now);
    }
    if (this.#deps.rooms.lists.size > 0 && change.changed.length + change.left.length > 0)
      this.#countsWanted = true;
    this.#schedule();
  }

  /** These customers were edited. */
  edited(customerIds: string[]): void {
    for (const room of routeEdit(this.#deps.rooms, customerIds)) this.#note(room, {});
  }

  /** Every room fetches again. */
  stale(): void {
    for (const room of this.#deps.rooms.byName.values()) this.#note(room, { stale: true });
  }

  /** The list of screens is another one now. */
  screensChanged(): void {
    const room = this.#deps.rooms.byName.get('screens');
    if (room) this.#note(room, { stale: true });
  }

  /** Brings a list up to date whose viewer has these rows: `moved` changed since, `gone` are no more. */
  catchUp(room: Room, moved: Iterable<number>, gone: Iterable<number>): void {
    for (const id of moved) room.pending.changed.add(id);
    for (const id of gone) room.pending.left.add(id);
    if (room.watched.kind === 'list') {
      for (const id of room.watched.shown) {
        const at = this.#recently.instances.get(id);
        if (at !== null) room.pending.seen.set(id, at);
      }
    }
    this.#note(room, {});
  }

  /** The same for a list of customers; of plain check-ins of late no revision tells. */
  catchUpCustomers(room: Room, moved: Iterable<string>): void {
    for (const id of moved) room.pending.customers.add(id);
    if (room.watched.kind === 'customers') {
      for (const id of room.watched.shown)
        if (this.#recently.customers.get(id) !== null) room.pending.customers.add(id);
    }
    this.#note(room, {});
  }

  /** The room has become the room of an instance that its viewers could not yet have: they fetch it. */
  resolved(room: Room, id: number): void {
    this.#deps.rooms.resolve(room, id);
    this.#note(room, { stale: true });
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  #note(room: Room, news: { stale?: true }): void {
    if (news.stale) room.pending.stale = true;
    this.#dirty.add(room);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#running || this.#closed) return;
    const countsDue = this.#countsWanted ? this.#countedAt + countedSpacing : Infinity;
    const loaders = {
      changed: this.#loader,
      customers: this.#customers.loader,
      walls: this.walls.loader,
    };
    const at = Math.min(countsDue, nextDue(this.#dirty, loaders));
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
      .catch((error: unknown) =>
        this.#deps.log.error({ err: error }, 'distributing changes failed'),
      )
      .finally(() => {
        this.#running = null;
        this.#schedule();
      });
  }

  async #pass(): Promise<void> {
    this.passes += 1;
    const now = performance.now();
    const loading = new Map<Room, number[]>();
    const customers = new Map<Room, string[]>();
    const walls: Room[] = [];
    for (const room of this.#dirty) {
      if (room.sockets.size === 0) {
        this.#dirty.delete(room);
        continue;
      }
      // A pass that comes a little early for the timer's sake counts as punctual.
      const due = (kind: Kind) =>
        isPending(room, kind) && room.sentAt[kind] + spacing[kind] <= now + 1;
      for (const kind of kinds) {
        if (!due(kind)) continue;
        if (room.watched.kind === 'screen' && kind !== 'stale') {
          walls.push(room);
          break;
        }
        if (kind === 'changed') loading.set(room, take(room.pending.changed, mostInMessage));
        else if (kind === 'customers')
          customers.set(room, take(room.pending.customers, mostCustomersInMessage));
        else this.#sendPending(room, kind);
      }
      if (
        !kinds.some((kind) => isPending(room, kind)) &&
        !loading.has(room) &&
        !customers.has(room) &&
        !walls.includes(room)
      )
        this.#dirty.delete(room);
    }
    if (walls.length > 0) await this.walls.tell(walls);
    else if (![...this.#dirty].some((room) => room.watched.kind === 'screen'))
      this.walls.loader.forget();
    if (customers.size > 0) await this.#customers.tell(customers);
    else if (![...this.#dirty].some((room) => isPending(room, 'customers')))
      this.#customers.loader.forget();
    if (loading.size > 0) await this.#sendChanged(loading);
    else if (
      ![...this.#dirty].some((room) => room.watched.kind !== 'screen' && isPending(room, 'changed'))
    )
      this.#loader.forget();
    if (this.#countsWanted && this.#countedAt + countedSpacing <= now + 1) await this.#sendCounts();
  }

  #sendPending(room: Room, kind: Exclude<Kind, 'changed' | 'customers'>): void {
    const { pending } = room;
    if (kind === 'stale') {
      this.#send(room, 'scope:stale', {});
      this.walls.forget(room);
    }
    if (kind === 'moved') this.#send(room, 'fleet:moved', {});
    if (kind === 'left') this.#send(room, 'instances:left', { ids: [...pending.left] });
    if (kind === 'seen') this.#send(room, 'instances:seen', { seen: [...pending.seen] });
    if (kind === 'events')
      this.#send(room, 'events:recorded', { events: [...pending.events.values()] });
    if (kind === 'stale' || kind === 'moved') pending[kind] = false;
    else pending[kind].clear();
    room.sentAt[kind] = performance.now();
  }

  async #sendChanged(loading: Map<Room, number[]>): Promise<void> {
    const loaded = await this.#loader.load(new Set([...loading.values()].flat()));
    if (loaded === null) return this.#putBack(loading);
    const { asOf, items } = loaded;
    for (const [room, ids] of loading) {
      if (room.sockets.size === 0) continue;
      const instances: InstanceSummary[] = [];
      for (const id of ids) {
        const summary = items.get(id);
        if (!summary) this.#noteGone(room, id);
        else if (this.#isFor(room, summary)) instances.push(summary);
      }
      room.sentAt.changed = performance.now();
      if (instances.length > 0) this.#send(room, 'instances:changed', { asOf, instances });
      this.#noteTold(room);
    }
  }

  #noteTold(room: Room): void {
    const since = this.#waitingSince.get(room);
    if (since === undefined) return;
    this.#deps.told?.((room.sentAt.changed - since) / 1000);
    if (room.pending.changed.size === 0) this.#waitingSince.delete(room);
    else this.#waitingSince.set(room, room.sentAt.changed);
  }

  #putBack(loading: Map<Room, number[]>): void {
    for (const [room, ids] of loading) {
      for (const id of ids) if (!room.pending.left.has(id)) room.pending.changed.add(id);
      if (this.#loader.failures === failuresUntilStale) room.pending.stale = true;
    }
  }

  #noteGone(room: Room, id: number): void {
    if (room.watched.kind !== 'instance' || room.watched.id === id) room.pending.left.add(id);
  }

  /** What was wanted when the loading began may no longer be. */
  #isFor(room: Room, summary: InstanceSummary): boolean {
    const watched: Watched = room.watched;
    if (watched.kind === 'list') return watched.shown.has(summary.id);
    if (watched.kind === 'customer') return watched.customerId === summary.customer.id;
    if (watched.kind !== 'instance') return false;
    if (watched.id === null && isNamed(watched, summary)) this.resolved(room, summary.id);
    return watched.id === summary.id;
  }

  async #sendCounts(): Promise<void> {
    this.#countsWanted = false;
    this.#countedAt = performance.now();
    if (this.#deps.rooms.lists.size === 0) return;
    try {
      const counts = await this.#deps.reports.counts();
      for (const room of this.#deps.rooms.lists) this.#send(room, 'fleet:counted', { counts });
    } catch (error) {
      this.#countsWanted = true;
      this.#deps.log.warn({ err: error }, 'the fleet could not be counted');
    }
  }

  #send<E extends RoomEvent>(room: Room, event: E, body: Body<E>): void {
    room.seq += 1;
    this.messages += 1;
    this.#deps.emit(room.name, event, {
      ...body,
      origin: this.#deps.origin,
      room: room.name,
      seq: room.seq,
    });
  }
}
