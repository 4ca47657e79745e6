import type { InstanceSummary } from '#contract/instance.ts';
import type { Reports } from '#server/reports/index.ts';
import type { Logger } from 'pino';
import { BatchLoader, failuresUntilStale } from './batch-loader.ts';
import { isNamed } from './pending.ts';
import type { Post } from './post.ts';
import type { Room } from './room.ts';

/** Summaries in one message; the rest of a flood follows in the next. */
export const mostInstancesInMessage = 500;

/** Reads the instances that lists and pages wait for, once for all of them, and tells each of its own. */
export class InstanceNews {
  readonly loader: BatchLoader<number, InstanceSummary>;
  readonly #post: Post;
  readonly #resolved: (room: Room, id: number) => void;

  /** @param resolved hears which instance it is that a room was waiting for */
  constructor(
    reports: Pick<Reports, 'summariesAsOf'>,
    log: Logger,
    post: Post,
    resolved: (room: Room, id: number) => void,
  ) {
    const read = async (ids: number[]) => {
      const { asOf, instances } = await reports.summariesAsOf(ids);
      return { asOf, items: instances };
    };
    this.loader = new BatchLoader({ read, what: 'changed instances' }, log);
    this.#post = post;
    this.#resolved = resolved;
  }

  /** Never rejects; what could not be read waits for the next time. */
  async tell(loading: Map<Room, number[]>): Promise<void> {
    const loaded = await this.loader.load(new Set([...loading.values()].flat()));
    if (loaded === null) return this.#putBack(loading);
    const { asOf, items } = loaded;
    for (const [room, ids] of loading) {
      if (room.sockets.size === 0) continue;
      const instances: InstanceSummary[] = [];
      for (const id of ids) {
        const summary = items.get(id);
        if (!summary) noteGone(room, id);
        else if (this.#isFor(room, summary)) instances.push(summary);
      }
      room.sentAt.changed = performance.now();
      if (instances.length > 0) this.#post.send(room, 'instances:changed', { asOf, instances });
      this.#post.noteTold(room);
    }
  }

  #putBack(loading: Map<Room, number[]>): void {
    for (const [room, ids] of loading) {
      for (const id of ids) if (!room.pending.left.has(id)) room.pending.changed.add(id);
      if (this.loader.failures === failuresUntilStale) room.pending.stale = true;
    }
  }

  /** What was wanted when the loading began may no longer be. */
  #isFor(room: Room, summary: InstanceSummary): boolean {
    const { watched } = room;
    if (watched.kind === 'list') return watched.shown.has(summary.id);
    if (watched.kind === 'customer') return watched.customerId === summary.customer.id;
    if (watched.kind !== 'instance') return false;
    if (watched.id === null && isNamed(watched, summary)) this.#resolved(room, summary.id);
    return watched.id === summary.id;
  }
}

function noteGone({ watched, pending }: Room, id: number): void {
  if (watched.kind !== 'instance' || watched.id === id) pending.left.add(id);
}
