import { and, eq, ne, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import {
  channels,
  customers,
  instanceInventories,
  instanceMetrics,
  instances,
  releases,
} from '#db/schema.ts';
import type { Scalar } from '#contract/instance.ts';
import type { Reporter, Time } from '#domain/model.ts';
import { scalar } from './events.ts';

/** The internal id of one instance; null: there is none. */
export async function findInstance(
  db: Db,
  customerId: string,
  instanceId: string,
): Promise<number | null> {
  const [row] = await db
    .select({ id: instances.id })
    .from(instances)
    .where(and(eq(instances.customerId, customerId), eq(instances.instanceId, instanceId)));
  return row?.id ?? null;
}

/** A list as one reporter last sent it. */
export interface SentList {
  reporter: Reporter;
  part: 'resources' | 'nodes';
  content: unknown;
}

/** The lists of resources and of nodes of an instance, by who reported them. */
export async function readSentLists(db: Db, instance: number): Promise<SentList[]> {
  const { reporter, part, content } = instanceInventories;
  return db
    .select({ reporter, part: sql<SentList['part']>`${part}`, content })
    .from(instanceInventories)
    .where(and(eq(instanceInventories.instance, instance), ne(part, 'images')));
}

/** Current custom metrics, by name. */
export async function readCurrentMetrics(
  db: Db,
  instance: number,
): Promise<{ name: string; value: Scalar; updatedAt: Time }[]> {
  const rows = await db
    .select({
      name: instanceMetrics.name,
      value: sql<string | null>`${instanceMetrics.value}::text`,
      updatedAt: instanceMetrics.updatedAt,
    })
    .from(instanceMetrics)
    .where(eq(instanceMetrics.instance, instance))
    .orderBy(instanceMetrics.name);
  return rows.map(({ name, value, updatedAt }) => ({
    name,
    value: scalar(value),
    updatedAt: updatedAt.getTime(),
  }));
}

/** Other customers that have an instance of the same id. */
export async function readAlsoUnder(
  db: Db,
  customerId: string,
  instanceId: string,
): Promise<{ id: string; name: string }[]> {
  return db
    .select({ id: customers.id, name: customers.name })
    .from(instances)
    .innerJoin(customers, eq(customers.id, instances.customerId))
    .where(and(eq(instances.instanceId, instanceId), ne(instances.customerId, customerId)))
    .orderBy(customers.name, customers.id);
}

export interface ReleaseDates {
  promotedAt: Time | null;
  latest: { label: string; promotedAt: Time } | null;
}

/** When the running release was promoted to the channel, and the newest one that is still offered there. */
export async function readReleaseDates(
  db: Db,
  appSlug: string,
  channelId: string,
  channelSequence: number | null,
): Promise<ReleaseDates> {
  const rows = await db
    .select({
      sequence: releases.channelSequence,
      label: releases.versionLabel,
      promotedAt: releases.promotedAt,
      demotedAt: releases.demotedAt,
    })
    .from(releases)
    .innerJoin(channels, eq(channels.id, releases.channelId))
    .where(
      sql`${channels.id} = ${channelId} and ${channels.appSlug} = ${appSlug} and (
        ${releases.channelSequence} = ${channelSequence}::bigint or ${releases.channelSequence} = (
          select max(newest.channel_sequence) from releases newest
          where newest.channel_id = ${channelId} and newest.demoted_at is null))`,
    )
    .orderBy(releases.channelSequence);
  const running = rows.find((row) => row.sequence === channelSequence);
  const latest = rows.findLast((row) => row.demotedAt === null);
  return {
    promotedAt: running?.promotedAt.getTime() ?? null,
    latest: latest ? { label: latest.label, promotedAt: latest.promotedAt.getTime() } : null,
  };
}
