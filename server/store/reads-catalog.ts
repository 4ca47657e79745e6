import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { appReleases, channels, releases } from '#db/schema.ts';
import type { AppReleaseRecord, PromotionRecord } from './catalog-edits.ts';
import type { Tx } from './instances.ts';

export interface AppSummaryRecord {
  slug: string;
  name: string;
  revision: number;
  accentColor: string | null;
  logo: string | null;
  channels: number;
  releases: number;
  customers: number;
  instances: number;
  latest: { versionLabel: string; channel: string; promotedAt: Date } | null;
}

/** All apps, by name, with what there is of them; archived customers and instances are left out of the counts. */
export async function readApps(db: Tx): Promise<AppSummaryRecord[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    select a.slug, a.name, a.revision, a.accent_color, l.digest as logo,
      (select count(*)::int from channels c where c.app_slug = a.slug) as channels,
      (select count(*)::int from app_releases r where r.app_slug = a.slug) as releases,
      coalesce(k.customers, 0) as customers, coalesce(n.instances, 0) as instances,
      latest.version_label, latest.channel, (extract(epoch from latest.promoted_at) * 1000)::float8 as promoted_at
    from apps a
    left join app_logos l on l.app_slug = a.slug
    left join (select app_slug, count(*)::int as customers from customers
      where archived_at is null group by app_slug) k on k.app_slug = a.slug
    left join (select c.app_slug, count(*)::int as instances
      from instances i join customers c on c.id = i.customer_id
      where i.archived_at is null group by c.app_slug) n on n.app_slug = a.slug
    left join lateral (
      select r.version_label, c.name as channel, r.promoted_at
      from releases r join channels c on c.id = r.channel_id
      where c.app_slug = a.slug and r.demoted_at is null
      order by r.promoted_at desc, r.channel_id limit 1) latest on true
    order by lower(a.name), a.slug`);
  return rows.map((row) => ({
    slug: row.slug as string,
    name: row.name as string,
    revision: row.revision as number,
    accentColor: row.accent_color as string | null,
    logo: row.logo as string | null,
    channels: row.channels as number,
    releases: row.releases as number,
    customers: row.customers as number,
    instances: row.instances as number,
    latest:
      row.version_label === null
        ? null
        : {
            versionLabel: row.version_label as string,
            channel: row.channel as string,
            promotedAt: new Date(row.promoted_at as number),
          },
  }));
}

export async function readLogoDigest(db: Tx, appSlug: string): Promise<string | null> {
  const [row] = await db.execute<{ digest: string }>(
    sql`select digest from app_logos where app_slug = ${appSlug}`,
  );
  return row?.digest ?? null;
}

export interface ChannelSummaryRecord {
  id: string;
  name: string;
  revision: number;
  customers: number;
  instances: number;
  latest: { channelSequence: number; versionLabel: string; promotedAt: Date } | null;
  /** Instances that the oldest unfinished job of the channel has told; null: there is none. */
  told: number | null;
}

/** Whose releases an instance counts: of the channel it reports, of its customer's if it reports none. */
const channelOfInstance = sql`case
  when i.channel_id is null and i.facts ? 'channelName' then null
  else coalesce(i.channel_id, k.channel_id) end`;

/** The channels of an app, by name; archived customers and instances are left out of the counts. */
export async function readChannelSummaries(
  db: Tx,
  appSlug: string,
): Promise<ChannelSummaryRecord[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    with own as (select * from channels where app_slug = ${appSlug}),
    job as (
      select distinct on (channel_id) channel_id, done_through from upstream_updates
      where finished_at is null order by channel_id, id),
    reporting as (
      select i.id, ${channelOfInstance} as channel_id
      from instances i join customers k on k.id = i.customer_id
      where i.archived_at is null and k.app_slug = ${appSlug})
    select c.id, c.name, c.revision, coalesce(held.customers, 0) as customers,
      coalesce(running.instances, 0) as instances,
      case when job.channel_id is not null then coalesce(running.told, 0) end as told,
      latest.channel_sequence, latest.version_label,
      (extract(epoch from latest.promoted_at) * 1000)::float8 as promoted_at
    from own c
    left join job on job.channel_id = c.id
    left join (select channel_id, count(*)::int as customers from customers
      where archived_at is null group by channel_id) held on held.channel_id = c.id
    left join (select r.channel_id, count(*)::int as instances,
        count(*) filter (where r.id <= job.done_through)::int as told
      from reporting r left join job on job.channel_id = r.channel_id
      group by r.channel_id) running on running.channel_id = c.id
    left join lateral (select * from releases r
      where r.channel_id = c.id and r.demoted_at is null
      order by r.channel_sequence desc limit 1) latest on true
    order by lower(c.name), c.id`);
  return rows.map((row) => ({
    id: row.id as string,
    name: row.name as string,
    revision: row.revision as number,
    customers: row.customers as number,
    instances: row.instances as number,
    told: row.told as number | null,
    latest:
      row.version_label === null
        ? null
        : {
            channelSequence: row.channel_sequence as number,
            versionLabel: row.version_label as string,
            promotedAt: new Date(row.promoted_at as number),
          },
  }));
}

/** How many instances run each release of the app, by channel and sequence; archived ones are left out. */
export async function countRunning(
  db: Tx,
  appSlug: string,
): Promise<{ channelId: string; channelSequence: number; running: number }[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    select ${channelOfInstance} as channel_id,
      (i.facts ->> 'channelSequence')::float8 as channel_sequence, count(*)::int as running
    from instances i join customers k on k.id = i.customer_id
    where i.archived_at is null and k.app_slug = ${appSlug} and i.facts ? 'channelSequence'
    group by 1, 2`);
  return rows.map((row) => ({
    channelId: row.channel_id as string,
    channelSequence: row.channel_sequence as number,
    running: row.running as number,
  }));
}

/** Releases of an app, newest first: the one of that sequence, or a page of those before it. */
export async function readReleases(
  db: Tx,
  appSlug: string,
  which: { only: number } | { before: number | null; limit: number },
): Promise<AppReleaseRecord[]> {
  const { releaseSequence } = appReleases;
  const among =
    'only' in which
      ? eq(releaseSequence, which.only)
      : which.before === null
        ? undefined
        : lt(releaseSequence, which.before);
  return db
    .select()
    .from(appReleases)
    .where(and(eq(appReleases.appSlug, appSlug), among))
    .orderBy(desc(releaseSequence))
    .limit('only' in which ? 1 : which.limit);
}

/** Where these releases are promoted, in the order of the channels' names. */
export async function readPromotions(
  db: Tx,
  appSlug: string,
  releaseSequences: number[],
): Promise<(PromotionRecord & { channelName: string })[]> {
  const rows = await db
    .select({ promotion: releases, channelName: channels.name })
    .from(releases)
    .innerJoin(channels, eq(channels.id, releases.channelId))
    .where(and(eq(channels.appSlug, appSlug), inArray(releases.releaseSequence, releaseSequences)))
    .orderBy(asc(channels.name), asc(releases.channelSequence));
  return rows.map(({ promotion, channelName }) => ({ ...promotion, channelName }));
}
