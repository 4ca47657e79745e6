import type { CustomerRow } from '#contract/customers.ts';
import type { Reports } from '#server/reports/index.ts';
import type { Logger } from 'pino';
import { BatchLoader, failuresUntilStale } from './batch-loader.ts';
import type { Post } from './post.ts';
import type { Room } from './room.ts';

/** Rows in one message; the rest of a flood follows in the next. */
export const mostCustomersInMessage = 300;

/** Reads the rows of customers that lists wait for, once for all of them, and tells each list of its own. */
export class CustomerNews {
  readonly loader: BatchLoader<string, CustomerRow>;
  readonly #post: Post;

  constructor(reports: Pick<Reports, 'customerRows'>, log: Logger, post: Post) {
    const read = async (ids: string[]) => {
      const { asOf, customers } = await reports.customerRows(ids);
      return { asOf, items: customers };
    };
    this.loader = new BatchLoader({ read, what: 'changed customers' }, log);
    this.#post = post;
  }

  async tell(loading: Map<Room, string[]>): Promise<void> {
    const loaded = await this.loader.load(new Set([...loading.values()].flat()));
    for (const [room, ids] of loading) {
      if (loaded === null) {
        for (const id of ids) room.pending.customers.add(id);
        if (this.loader.failures === failuresUntilStale) room.pending.stale = true;
        continue;
      }
      room.sentAt.customers = performance.now();
      if (room.sockets.size === 0 || room.watched.kind !== 'customers') continue;
      // What was wanted when the loading began may no longer be.
      const { shown } = room.watched;
      const customers = ids.flatMap((id) => (shown.has(id) ? (loaded.items.get(id) ?? []) : []));
      if (customers.length > 0)
        this.#post.send(room, 'customers:changed', { asOf: loaded.asOf, customers });
    }
  }
}
