import type { Db } from '#db/client.ts';
import { readClock } from '#server/store/clock.ts';
import { isMigrated } from '#db/migrate.ts';

/** Milliseconds the database has to answer. */
const patience = 2_000;

export interface Readiness {
  /** Null: requests may come. Else one sentence that says why not. Never rejects. */
  reason(): Promise<string | null>;
  /** From now on nothing more may come. */
  stop(): void;
}

/** Whether this process can do its work: it is not stopping, its database answers and has the schema it needs. */
export function createReadiness(db: Db): Readiness {
  let stopping = false;
  /** Migrations are never taken back, so once is enough. */
  let migrated = false;

  async function look(): Promise<string | null> {
    if (migrated) {
      await readClock(db);
      return null;
    }
    migrated = await isMigrated(db);
    return migrated ? null : 'The database lacks migrations of this build.';
  }

  return {
    async reason() {
      if (stopping) return 'The server is stopping.';
      let timer: NodeJS.Timeout | undefined;
      const silent = 'The database does not answer.';
      const tooLate = new Promise<string>((resolve) => {
        timer = setTimeout(() => resolve(silent), patience);
      });
      const looked = look().catch(() => silent);
      const reason = await Promise.race([looked, tooLate]);
      clearTimeout(timer);
      return reason;
    },
    stop: () => void (stopping = true),
  };
}
