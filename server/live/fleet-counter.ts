import type { Reports } from '#server/reports/index.ts';
import type { Logger } from 'pino';
import type { Post } from './post.ts';
import type { Rooms } from './rooms.ts';

/** Milliseconds between two counts, at least. */
const spacing = 1_000;

export interface FleetCounterDeps {
  rooms: Pick<Rooms, 'lists'>;
  reports: Pick<Reports, 'counts'>;
  log: Logger;
}

/** Counts the fleet for all lists of instances at once. */
export class FleetCounter {
  readonly #deps: FleetCounterDeps;
  readonly #post: Post;
  #isWanted = false;
  #countedAt = -Infinity;

  constructor(deps: FleetCounterDeps, post: Post) {
    this.#deps = deps;
    this.#post = post;
  }

  /** The counts may be others now. */
  want(): void {
    if (this.#deps.rooms.lists.size > 0) this.#isWanted = true;
  }

  /** When it is to be counted, on the process's monotonic clock; Infinity: that is not wanted. */
  get dueAt(): number {
    return this.#isWanted ? this.#countedAt + spacing : Infinity;
  }

  /** Never rejects; what could not be counted is counted later. */
  async tell(): Promise<void> {
    const { rooms, reports, log } = this.#deps;
    this.#isWanted = false;
    this.#countedAt = performance.now();
    if (rooms.lists.size === 0) return;
    try {
      const counts = await reports.counts();
      for (const room of rooms.lists) this.#post.send(room, 'fleet:counted', { counts });
    } catch (error) {
      this.#isWanted = true;
      log.warn({ err: error }, 'the fleet could not be counted');
    }
  }
}
