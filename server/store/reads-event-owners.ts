import { eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { customers, instances } from '#db/schema.ts';

/** Whose event it is. */
export interface EventOwner {
  instanceId: string;
  name: string | null;
  customer: { id: string; name: string };
}

/**
 * Internal ids of the instances that bear one of the ids, of one of the customers; an empty list names all.
 * Null: all instances. Unknown ids are left out.
 */
export async function findInstances(
  db: Db,
  asked: { customerIds: string[]; instanceIds: string[] },
): Promise<number[] | null> {
  const { customerIds, instanceIds } = asked;
  if (customerIds.length === 0 && instanceIds.length === 0) return null;
  const rows = await db
    .select({ id: instances.id })
    .from(instances)
    .where(
      sql`${customerIds.length === 0 ? sql`true` : inArray(instances.customerId, customerIds)}
        and ${instanceIds.length === 0 ? sql`true` : inArray(instances.instanceId, instanceIds)}`,
    )
    .orderBy(instances.id);
  return rows.map(({ id }) => id);
}

/** By internal id of the instance. */
export async function readEventOwners(db: Db, ids: number[]): Promise<Map<number, EventOwner>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      id: instances.id,
      instanceId: instances.instanceId,
      name: instances.name,
      customer: { id: customers.id, name: customers.name },
    })
    .from(instances)
    .innerJoin(customers, eq(customers.id, instances.customerId))
    .where(inArray(instances.id, ids));
  return new Map(rows.map(({ id, ...owner }) => [id, owner]));
}
