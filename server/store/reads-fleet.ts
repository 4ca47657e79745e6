import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { type FleetQuery, pageSize } from '#contract/reports.ts';
import { attentionOrder } from '#contract/status.ts';
import type { Time } from '#domain/model.ts';
import { textSearch } from './text-search.ts';

/** The channel an instance is shown under: the one it reports, by id or only by name, else its customer's. */
export const channelKey = sql`coalesce(i.channel_id, i.facts ->> 'channelName', c.channel_id)`;

export interface FoundPage {
  /** The database's present time. */
  now: Time;
  /** Rows that match, over all pages. */
  matching: number;
  ids: number[];
}

/**
 * Which instances stand on one page of a list, in order.
 * @param versionLabels every version label, lowest version first; needed to sort by version
 */
export async function findFleetPage(
  db: Db,
  query: FleetQuery & { page: number },
  versionLabels: string[] = [],
): Promise<FoundPage> {
  const conditions = filters(query);
  const order = orders(query);
  const customersNeeded = query.channel.length > 0 || query.sort === 'customer';
  const [found] = await db.execute<{ now: number; matching: number; ids: string }>(sql`
    with matching as materialized (
      select i.id, ${sql.join(
        order.map(([expression], n) => sql`${expression} as ${sql.raw(`key${n}`)}`),
        sql`, `,
      )}
      from instances i
      ${customersNeeded ? sql`join customers c on c.id = i.customer_id` : sql``}
      ${
        query.sort === 'version'
          ? sql`left join unnest(${sql.param(versionLabels)}::text[]) with ordinality as v(label, rank)
              on v.label = i.version_label`
          : sql``
      }
      ${conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``}
    )
    select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now,
      (select count(*) from matching)::float8 as matching,
      (select coalesce(json_agg(id), '[]') from (
        select id from matching
        order by ${sql.join(
          order.map(([, direction], n) => sql.raw(`key${n} ${direction} nulls last`)),
          sql`, `,
        )}, id
        limit ${pageSize} offset ${query.page * pageSize}
      ) as page)::text as ids`);
  return {
    now: found!.now,
    matching: found!.matching,
    ids: JSON.parse(found!.ids) as number[],
  };
}

function filters(query: FleetQuery): SQL[] {
  const conditions: SQL[] = [];
  const among = (expression: SQL, values: string[]) => {
    if (values.length > 0) conditions.push(sql`${expression} = any(${sql.param(values)}::text[])`);
  };
  if (!query.archived) conditions.push(sql`i.archived_at is null`);
  if (query.connection !== 'any')
    conditions.push(query.connection === 'airgap' ? sql`i.air_gap` : sql`not i.air_gap`);
  if (query.attention.length > 0) {
    const indexes = query.attention.map((one) => attentionOrder.indexOf(one));
    conditions.push(sql`i.attention = any(${sql.param(indexes)}::int[])`);
  }
  among(sql`i.customer_id`, query.customer);
  among(channelKey, query.channel);
  among(sql`i.version_label`, query.version);
  among(sql`i.k8s_distribution`, query.distribution);
  if (query.search !== '') conditions.push(matches(query.search));
  return conditions;
}

/** A substring of one of an instance's words. Joined by a control character, they are lowered once. */
function matches(search: string): SQL {
  const holds = textSearch(search);
  const words = sql`concat_ws(chr(1), i.name, i.instance_id, i.version_label, i.facts ->> 'clusterId')`;
  // Unfolding tags is dear, so first those are left out whose JSON lacks a part of `key=value`.
  const parts = search.split('=').filter((part) => part !== '');
  const mayHold = parts.map((part) => holds(sql`i.tags::text`, JSON.stringify(part).slice(1, -1)));
  const tagHolds = sql`exists (
    select from jsonb_each(i.tags) as tag where ${holds(sql`tag.key || '=' || (tag.value ->> 0)`)})`;
  return sql`(
    ${holds(words)}
    or i.customer_id in (select id from customers where ${holds(sql`name`)})
    or ${sql.join([sql`i.tags <> '{}'`, ...mayHold, tagHolds], sql` and `)}
  )`;
}

type Order = [expression: SQL, direction: 'asc' | 'desc'];

/** The keys to sort by; the internal id always comes last, so that pages never overlap. */
function orders({ sort, direction }: FleetQuery): Order[] {
  const byAttention: Order[] = [
    [sql`i.attention`, sort === 'attention' ? direction : 'asc'],
    [sql`i.status_since`, 'desc'],
  ];
  const name: Order = [sql`lower(coalesce(i.name, i.instance_id))`, direction];
  switch (sort) {
    case 'attention':
      return byAttention;
    case 'name':
      return [name];
    case 'customer':
      return [[sql`lower(c.name)`, direction], [sql`c.id`, direction], ...byAttention];
    case 'version':
      return [[sql`v.rank`, direction]];
    case 'distribution':
      return [
        [sql`i.k8s_distribution`, direction],
        [sql`i.facts ->> 'k8sVersion'`, direction],
      ];
    case 'lastCheckIn':
      return [[sql`i.last_check_in_at`, direction]];
    case 'firstSeen':
      return [[sql`i.first_seen_at`, direction]];
  }
}

/** Every version label that an instance runs, in no order. */
export async function readVersionLabels(db: Db): Promise<string[]> {
  const rows = await db.execute<{ label: string }>(sql`
    select distinct version_label as label from instances where version_label is not null`);
  return rows.map((row) => row.label);
}

export interface CountRow {
  attention: number;
  airGap: boolean;
  archived: boolean;
  instances: number;
}

/** How many instances there are of every kind. */
export async function countInstances(db: Db): Promise<CountRow[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    select attention::int as attention, air_gap, archived_at is not null as archived, count(*)::float8 as instances
    from instances group by 1, 2, 3`);
  return rows.map((row) => ({
    attention: row.attention as number,
    airGap: row.air_gap as boolean,
    archived: row.archived as boolean,
    instances: row.instances as number,
  }));
}

export interface FacetRow {
  kind: 'customer' | 'channel' | 'version' | 'distribution';
  id: string;
  /** Name of the customer or channel, and the channel's app. */
  name: string;
  app: string;
  instances: number;
}

/** How many unarchived instances there are by customer, channel, version and distribution. */
export async function readFacets(db: Db): Promise<FacetRow[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    with counted as (
      select i.customer_id, ${channelKey} as channel, c.app_slug, i.version_label, i.k8s_distribution,
        grouping(i.customer_id) as no_customer, grouping(c.app_slug) as no_channel,
        grouping(i.version_label) as no_version, count(*)::float8 as instances
      from instances i join customers c on c.id = i.customer_id
      where i.archived_at is null
      group by grouping sets ((i.customer_id), (2, c.app_slug), (i.version_label), (i.k8s_distribution))
    )
    select case when no_customer = 0 then 'customer' when no_channel = 0 then 'channel'
        when no_version = 0 then 'version' else 'distribution' end as kind,
      coalesce(counted.customer_id, counted.channel, counted.version_label, counted.k8s_distribution) as id,
      coalesce(customers.name, channels.name) as name, apps.name as app, instances
    from counted left join customers on customers.id = counted.customer_id
      left join channels on channels.id = counted.channel and channels.app_slug = counted.app_slug
      left join apps on apps.slug = counted.app_slug
    where coalesce(counted.customer_id, counted.channel, counted.version_label, counted.k8s_distribution) is not null`);
  return rows.map((row) => ({
    kind: row.kind as FacetRow['kind'],
    id: row.id as string,
    name: (row.name ?? row.id) as string,
    app: (row.app ?? '') as string,
    instances: row.instances as number,
  }));
}
