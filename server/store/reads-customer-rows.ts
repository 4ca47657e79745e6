import { type SQL, sql } from 'drizzle-orm';
import { toInstant } from '#domain/instant.ts';
import type { Db } from '#db/client.ts';
import type { LicenseType } from '#contract/status.ts';
import type { Time } from '#domain/model.ts';
import { instanceNumbers } from './reads-customers-list.ts';

/** A customer as the list shows it, but for its uptime, as of one moment. */
export interface CustomerListRecord {
  now: Time;
  id: string;
  revision: number;
  name: string;
  app: { slug: string; name: string };
  channel: { id: string; name: string };
  license: { type: LicenseType; expiresAt: Time | null };
  archived: boolean;
  counts: { active: number; airGap: number; inactive: number };
  /** Index into `attentionOrder`. */
  worst: number | null;
  lastCheckInAt: Time | null;
  /** Is another one as soon as the uptime of one of its instances may have taken another course. */
  imprint: string;
}

/**
 * What tells two courses of uptime apart. Whatever happens to an instance raises its revision, but for two things:
 * knowledge of air gap instances ends with their last report, and a report that names the same status again settles
 * a stretch in which Rollcall was not listening.
 * @param deafUntil the end of the last such stretch; null: there is none
 */
function imprintOf(deafUntil: Time | null): SQL {
  const unsettled =
    deafUntil === null
      ? sql``
      : sql`when i.status_reported_at < ${toInstant(deafUntil)}::timestamptz then i.status_reported_at`;
  const beside = sql`case when i.air_gap then i.last_check_in_at ${unsettled} end`;
  return sql`concat_ws(' ', count(*) filter (where i.archived_at is null),
    bit_xor(hashint8extended(i.id, i.revision)) filter (where i.archived_at is null),
    bit_xor(hashint8extended(i.id, (extract(epoch from ${beside}) * 1000)::bigint))
      filter (where i.archived_at is null))`;
}

/** Raised by every change of the customer, its license, its instances or the catalog, and never lowered. */
const revision = sql`(select version from catalog_versions) + c.revision
  + coalesce((select sum(i.revision + 1) from instances i where i.customer_id = c.id), 0)`;

/** Customers in the order of `ids`; unknown ids are left out. One statement. */
export async function readCustomerList(
  db: Db,
  ids: string[],
  deafUntil: Time | null,
): Promise<CustomerListRecord[]> {
  if (ids.length === 0) return [];
  const rows = await db.execute<Record<string, unknown>>(sql`
    select floor(extract(epoch from now()) * 1000)::float8 as now, c.id,
      (${revision})::float8 as revision, c.name, a.slug as app_slug, a.name as app_name, h.id as channel_id,
      h.name as channel_name, l.type, (extract(epoch from l.expires_at) * 1000)::float8 as expires_at,
      c.archived_at is not null as archived, n.active, n.air_gap, n.inactive, n.worst::int as worst,
      (extract(epoch from n.last_check_in_at) * 1000)::float8 as last_check_in_at, n.imprint
    from customers c
      join licenses l on l.customer_id = c.id
      join channels h on h.id = c.channel_id
      join apps a on a.slug = c.app_slug
      cross join lateral (
        select ${instanceNumbers}, ${imprintOf(deafUntil)} as imprint
        from instances i where i.customer_id = c.id
      ) n
    where c.id = any(${sql.param(ids)}::text[])`);
  const found = new Map(rows.map((row) => [row.id as string, toRecord(row)]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

function toRecord(row: Record<string, unknown>): CustomerListRecord {
  const moment = (value: unknown) => (value === null ? null : Math.round(value as number));
  return {
    now: row.now as number,
    id: row.id as string,
    revision: row.revision as number,
    name: row.name as string,
    app: { slug: row.app_slug as string, name: row.app_name as string },
    channel: { id: row.channel_id as string, name: row.channel_name as string },
    license: { type: row.type as LicenseType, expiresAt: moment(row.expires_at) },
    archived: row.archived as boolean,
    counts: {
      active: row.active as number,
      airGap: row.air_gap as number,
      inactive: row.inactive as number,
    },
    worst: row.worst as number | null,
    lastCheckInAt: moment(row.last_check_in_at),
    imprint: row.imprint as string,
  };
}

/** The imprint of each customer that has instances. */
export async function readImprints(db: Db, deafUntil: Time | null): Promise<Map<string, string>> {
  const [row] = await db.execute<{ imprints: string | null }>(sql`
    select json_object_agg(customer_id, imprint)::text as imprints from (
      select i.customer_id, ${imprintOf(deafUntil)} as imprint from instances i group by 1
    ) as one`);
  return new Map(Object.entries(JSON.parse(row!.imprints ?? '{}') as Record<string, string>));
}

/** The revision of each of these customers that exists. */
export async function readCustomerRevisions(
  db: Db,
  ids: string[],
): Promise<[id: string, revision: number][]> {
  const rows = await db.execute<{ id: string; revision: number }>(sql`
    select c.id, (${revision})::float8 as revision from customers c
    where c.id = any(${sql.param(ids)}::text[])`);
  return rows.map((row) => [row.id, row.revision]);
}

/** Count, sum of the revisions and newest check-in of these customers, as their rows say them. */
export async function readCustomersDigest(
  db: Db,
  ids: string[],
): Promise<{ count: number; revisions: number; newestCheckInAt: Time | null }> {
  const [row] = await db.execute<{ count: number; revisions: number; newest: number | null }>(sql`
    select count(*)::float8 as count, coalesce(sum(${revision}), 0)::float8 as revisions,
      (extract(epoch from max((
        select max(i.last_check_in_at) from instances i
        where i.customer_id = c.id and i.archived_at is null))) * 1000)::float8 as newest
    from customers c where c.id = any(${sql.param(ids)}::text[])`);
  const { count, revisions, newest } = row!;
  return { count, revisions, newestCheckInAt: newest === null ? null : Math.round(newest) };
}

/** Rises with every edit of apps, channels and releases. */
export async function readCatalogVersion(db: Db): Promise<number> {
  const [row] = await db.execute<{ version: number }>(sql`select version from catalog_versions`);
  return row?.version ?? 0;
}
