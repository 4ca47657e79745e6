import type { Db } from '#db/client.ts';
import type { Time } from '#domain/model.ts';
import { findLicensee, type Licensee } from '#server/store/licenses.ts';

export type { Licensee } from '#server/store/licenses.ts';

/** The licenses that were seen lately, so that a plain report costs one transaction and no look-up before it. */
export interface Licensees {
  /** Null: no such license. Unknown ids are asked for each time, so a new license works at once. */
  find(licenseId: string): Promise<Licensee | null>;
  /** Forgets all of them: the catalog changed. */
  flush(): void;
}

const freshFor = 30_000;
const limit = 20_000;

/** What it says may be `freshFor` old; the report's own transaction has the last word. */
export function createLicensees(deps: { db: Db; now?: () => Time }): Licensees {
  const now = deps.now ?? Date.now;
  const known = new Map<string, { licensee: Licensee; until: Time }>();
  const asked = new Map<string, Promise<Licensee | null>>();
  let generation = 0;

  async function load(licenseId: string): Promise<Licensee | null> {
    const before = generation;
    const licensee = await findLicensee(deps.db, licenseId);
    if (licensee && before === generation) {
      if (known.size >= limit) known.delete(known.keys().next().value!);
      known.set(licenseId, { licensee, until: now() + freshFor });
    }
    return licensee;
  }

  return {
    async find(licenseId) {
      const entry = known.get(licenseId);
      if (entry && entry.until > now()) return entry.licensee;
      known.delete(licenseId);
      const running = asked.get(licenseId);
      if (running) return running;
      const answer = load(licenseId).finally(() => {
        if (asked.get(licenseId) === answer) asked.delete(licenseId);
      });
      asked.set(licenseId, answer);
      return answer;
    },
    flush() {
      generation += 1;
      known.clear();
      asked.clear();
    },
  };
}
