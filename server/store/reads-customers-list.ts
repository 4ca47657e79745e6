import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { type CustomersQuery, expiresSoonDays } from '#contract/customers.ts';
import { pageSize } from '#contract/reports.ts';
import { attentionOrder, licenseTypes, problemAttentions } from '#contract/status.ts';
import type { Time } from '#domain/model.ts';
import { textSearch } from './text-search.ts';

export interface FoundCustomers {
  /** The database's present time. */
  now: Time;
  /** Customers that match, over all pages. */
  matching: number;
  /** Those on the page, or all, in order. */
  ids: string[];
}

/** Numbers of a customer's instances, each counted once: archived ones left out, air gap, inactive, else active. */
const isInactive = sql.raw('(i.inactive_since is not null and i.refusal is null)');
export const instanceNumbers = sql`
  count(*) filter (where i.archived_at is null and not i.air_gap and not ${isInactive})::int as active,
  count(*) filter (where i.archived_at is null and i.air_gap)::int as air_gap,
  count(*) filter (where i.archived_at is null and not i.air_gap and ${isInactive})::int as inactive,
  min(i.attention) filter (where i.archived_at is null) as worst,
  max(i.last_check_in_at) filter (where i.archived_at is null) as last_check_in_at`;

type Sort = CustomersQuery['sort'];

/** What each order goes by; `uptime` is reckoned elsewhere. */
const sortedBy: Record<Exclude<Sort, 'uptime'>, SQL> = {
  name: sql`lower(c.name)`,
  channel: sql`lower(h.name)`,
  type: sql`array_position(${sql.raw(`array['${licenseTypes.join("', '")}']`)}, l.type)`,
  expires: sql`l.expires_at`,
  active: sql`coalesce(n.active, 0)`,
  inactive: sql`coalesce(n.inactive, 0)`,
  airGap: sql`coalesce(n.air_gap, 0)`,
  worst: sql`n.worst`,
  lastCheckIn: sql`n.last_check_in_at`,
};
const needsNumbers = new Set<Sort>(['active', 'inactive', 'airGap', 'worst', 'lastCheckIn']);

/**
 * Which customers stand on one page of the list, in order; of two that are alike, the first by name.
 * @param page null: all that match; `sort` by uptime counts as by name
 */
export async function findCustomers(
  db: Db,
  query: CustomersQuery,
  page: number | null,
): Promise<FoundCustomers> {
  const { sort, direction } = query;
  const conditions = filters(query);
  const key = sort === 'uptime' ? sortedBy.name : sortedBy[sort];
  const turned = sql.raw(sort === 'uptime' ? 'asc' : direction);
  const [found] = await db.execute<{ now: number; matching: number; ids: string }>(sql`
    with matching as materialized (
      select c.id, lower(c.name) as name, ${key} as key
      from customers c
        join licenses l on l.customer_id = c.id
        join channels h on h.id = c.channel_id
        join apps a on a.slug = c.app_slug
        ${
          needsNumbers.has(sort)
            ? sql`left join (select i.customer_id, ${instanceNumbers} from instances i group by 1) n
                on n.customer_id = c.id`
            : sql``
        }
      ${conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``}
    )
    select floor(extract(epoch from now()) * 1000)::float8 as now,
      (select count(*) from matching)::float8 as matching,
      (select coalesce(json_agg(id), '[]') from (
        select id from matching order by key ${turned} nulls last, name, id
        ${page === null ? sql`` : sql`limit ${pageSize} offset ${page * pageSize}`}
      ) as page)::text as ids`);
  const { now, matching, ids } = found!;
  return { now, matching, ids: JSON.parse(ids) as string[] };
}

function filters(query: CustomersQuery): SQL[] {
  const conditions: SQL[] = [];
  const among = (expression: SQL, values: string[]) => {
    if (values.length > 0) conditions.push(sql`${expression} = any(${sql.param(values)}::text[])`);
  };
  if (!query.archived) conditions.push(sql`c.archived_at is null`);
  among(sql`c.app_slug`, query.app);
  among(sql`c.channel_id`, query.channel);
  among(sql`l.type`, query.type);
  if (query.expiring === 'expired') conditions.push(sql`l.expires_at <= now()`);
  if (query.expiring === 'soon') {
    conditions.push(sql`l.expires_at > now()
      and l.expires_at <= now() + make_interval(hours => ${24 * expiresSoonDays})`);
  }
  if (query.problems) {
    const indexes = problemAttentions.map((one) => attentionOrder.indexOf(one));
    conditions.push(sql`c.id in (select i.customer_id from instances i
      where i.archived_at is null and i.attention = any(${sql.param(indexes)}::int[]))`);
  }
  if (query.search !== '') {
    // Joined by a control character, they are lowered once.
    conditions.push(
      textSearch(query.search)(sql`concat_ws(chr(1), c.name, c.id, c.email, a.name, a.slug)`),
    );
  }
  return conditions;
}

export interface CustomerFacetRow {
  kind: 'app' | 'channel';
  id: string;
  name: string;
  app: string;
  customers: number;
}

/** Every app and channel, with how many not archived customers it has. */
export async function readCustomerFacets(db: Db): Promise<CustomerFacetRow[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    select 'app' as kind, a.slug as id, a.name, a.name as app, count(c.id)::float8 as customers
    from apps a left join customers c on c.app_slug = a.slug and c.archived_at is null
    group by a.slug
    union all
    select 'channel', h.id, h.name, a.name, count(c.id)::float8
    from channels h join apps a on a.slug = h.app_slug
      left join customers c on c.channel_id = h.id and c.archived_at is null
    group by h.id, a.slug`);
  return rows.map((row) => ({
    kind: row.kind as CustomerFacetRow['kind'],
    id: row.id as string,
    name: row.name as string,
    app: row.app as string,
    customers: row.customers as number,
  }));
}

/** How many customers there are that are not archived, and that are. */
export async function countCustomers(db: Db): Promise<{ total: number; archived: number }> {
  const [row] = await db.execute<{ total: number; archived: number }>(sql`
    select count(*) filter (where archived_at is null)::float8 as total,
      count(archived_at)::float8 as archived from customers`);
  return { total: row!.total, archived: row!.archived };
}
