import type { Db } from '#db/client.ts';
import { type Standing, type StandingPart, addStanding } from '#domain/standing.ts';
import { type UptimeRecord, readUptimeRecords } from '#server/store/reads-uptime.ts';
import type { Axis } from './axis.ts';
import { type Hearing, knownTime } from './uptime.ts';

/** Customers remembered at most; past that, all are forgotten and reckoned again. */
const most = 50_000;

/**
 * How much time is known of each customer's instances over the two weeks, so that a list of thousands can be ordered by
 * it. A sum is remembered for as long as nothing but time passes: under the imprint of the customer's instances
 * (reads-customer-rows.ts), the axis and what was heard. So what it says now is what reckoning anew would say.
 */
export class Standings {
  readonly #db: Db;
  #window = '';
  #known = new Map<string, { imprint: string; standing: Standing | null }>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** @param imprints of the customers wanted; one without an instance has no standing */
  async read(
    imprints: ReadonlyMap<string, string>,
    axis: Axis,
    hearing: Hearing,
  ): Promise<Map<string, Standing>> {
    this.#turnTo(axis, hearing);
    const known = this.#known;
    const missing = [...imprints].filter(([id, imprint]) => known.get(id)?.imprint !== imprint);
    const records = await readUptimeRecords(
      this.#db,
      missing.map(([id]) => id),
      axis,
    );
    const reckoned = reckon(records, axis, hearing);
    for (const [id, imprint] of missing)
      known.set(id, { imprint, standing: reckoned.get(id) ?? null });
    const found = new Map<string, Standing>();
    for (const id of imprints.keys()) {
      const standing = known.get(id)?.standing;
      if (standing) found.set(id, standing);
    }
    if (known.size > most) known.clear();
    return found;
  }

  /** Another day, or another record of hearing, makes every sum another. */
  #turnTo({ edges, deaf }: Axis, { ears }: Hearing): void {
    const window = JSON.stringify([edges, deaf, ears.at(-1)?.from]);
    if (window === this.#window) return;
    this.#window = window;
    this.#known = new Map();
  }
}

function reckon(records: UptimeRecord[], axis: Axis, hearing: Hearing): Map<string, Standing> {
  const parts = new Map<string, StandingPart[]>();
  let asOf = 0;
  for (const record of records) {
    asOf = Math.min(record.now, axis.edges.at(-1)!);
    const mine = parts.get(record.customerId) ?? [];
    parts.set(record.customerId, mine);
    const { facts, airGap, inactiveSince, refusal } = record.instance;
    mine.push({
      totals: knownTime(record, axis, hearing),
      status: facts.status ?? null,
      known: !airGap && inactiveSince === null && refusal === null,
    });
  }
  return new Map([...parts].map(([id, mine]) => [id, addStanding(asOf, mine)]));
}
