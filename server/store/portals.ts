import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import { portalDownloads, portals } from '#db/schema.ts';
import type { FileKind } from '#contract/portal.ts';
import type { Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';

/** Gives each of these customers that has none a download portal, at an address of 122 random bits. */
export async function ensurePortals(tx: Tx, customerIds: string[]): Promise<void> {
  await tx.execute(sql`
    insert into portals (customer_id, slug)
    select id, replace(gen_random_uuid()::text, '-', '')
    from unnest(${sql.param(customerIds)}::text[]) as given(id)
    on conflict (customer_id) do nothing`);
}

export interface DownloadRecord {
  id: number;
  at: Time;
  kind: FileKind | 'license';
  name: string;
  versionLabel: string | null;
  size: number;
  completedAt: Time | null;
  address: string | null;
}

export interface PortalRecord {
  slug: string;
  passwordSetAt: Time | null;
  /** Logins that hold now. */
  sessions: number;
  lastVersion: { versionLabel: string; at: Time } | null;
  /** Newest first. */
  downloads: DownloadRecord[];
}

/** A customer's portal with its last downloads; null: the customer has none (yet). */
export async function readPortal(
  db: Tx,
  customerId: string,
  most: number,
): Promise<PortalRecord | null> {
  const [[portal], downloads, [last]] = await Promise.all([
    db
      .select({
        slug: portals.slug,
        passwordSetAt: portals.passwordSetAt,
        sessions: sql<number>`(select count(*)::int from portal_sessions s
          where s.customer_id = ${portals.customerId} and s.expires_at > now())`,
      })
      .from(portals)
      .where(eq(portals.customerId, customerId)),
    db
      .select()
      .from(portalDownloads)
      .where(eq(portalDownloads.customerId, customerId))
      .orderBy(desc(portalDownloads.at), desc(portalDownloads.id))
      .limit(most),
    db
      .select({ versionLabel: portalDownloads.versionLabel, at: portalDownloads.at })
      .from(portalDownloads)
      .where(
        and(eq(portalDownloads.customerId, customerId), isNotNull(portalDownloads.versionLabel)),
      )
      .orderBy(desc(portalDownloads.at), desc(portalDownloads.id))
      .limit(1),
  ]);
  if (!portal) return null;
  return {
    slug: portal.slug,
    passwordSetAt: portal.passwordSetAt?.getTime() ?? null,
    sessions: portal.sessions,
    lastVersion:
      typeof last?.versionLabel !== 'string'
        ? null
        : { versionLabel: last.versionLabel, at: last.at.getTime() },
    downloads: downloads.map(({ customerId: _, fileId: __, at, completedAt, ...rest }) => ({
      ...rest,
      at: at.getTime(),
      completedAt: completedAt?.getTime() ?? null,
    })),
  };
}

/** Gives a portal another password. @param passwordHash as people's passwords are hashed */
export async function writePortalPassword(
  tx: Tx,
  customerId: string,
  passwordHash: string,
): Promise<void> {
  await tx
    .update(portals)
    .set({ passwordHash, passwordSetAt: sql`now()` })
    .where(eq(portals.customerId, customerId));
}
