import { and, eq } from 'drizzle-orm';
import type { Test } from 'uvu';
import { instanceMetrics, instances } from '#db/schema.ts';
import type { Environment } from '#server/config.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet } from '../support/fleet.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** The real server in a process of its own, on a database that holds the small fleet. */
export interface House {
  fresh: FreshDatabase;
  server: TestServer;
}

/** One house for all tests of a suite. */
export function shareHouse(test: Test<House>, env: Environment = {}): void {
  test.before(async (context) => {
    context.fresh = await freshDatabase();
    await importFleet(context.fresh.db);
    context.server = await startServer({ databaseUrl: context.fresh.open.url, env });
  });
  test.after(async (context) => {
    await context.server.stop();
    await context.fresh.close();
  });
}

/** What is stored of one instance; null: nothing. */
export async function findInstance({ fresh }: House, customerId: string, instanceId: string) {
  const [row] = await fresh.db
    .select()
    .from(instances)
    .where(and(eq(instances.customerId, customerId), eq(instances.instanceId, instanceId)));
  return row ?? null;
}

/** An instance's current custom metrics. */
export async function findMetrics({ fresh }: House, instance: number) {
  const rows = await fresh.db
    .select()
    .from(instanceMetrics)
    .where(eq(instanceMetrics.instance, instance));
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
