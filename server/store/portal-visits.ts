import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { appLogos, apps, customers, portalSessions, portals } from '#db/schema.ts';
import type { Tx } from './instances.ts';

/** A portal that is open: of a customer that is not archived. */
export interface OpenPortal {
  slug: string;
  customerId: string;
  customerName: string;
  channelId: string;
  /** Null: no password was set yet. */
  passwordHash: string | null;
  app: { slug: string; name: string; accentColor: string | null; logo: string | null };
}

const columns = {
  slug: portals.slug,
  customerId: customers.id,
  customerName: customers.name,
  channelId: customers.channelId,
  passwordHash: portals.passwordHash,
  app: {
    slug: apps.slug,
    name: apps.name,
    accentColor: apps.accentColor,
    logo: appLogos.digest,
  },
};

/** The open portal at this address; null: there is none, or its customer is archived. */
export async function findPortal(db: Tx, slug: string): Promise<OpenPortal | null> {
  const [row] = await db
    .select(columns)
    .from(portals)
    .innerJoin(customers, eq(customers.id, portals.customerId))
    .innerJoin(apps, eq(apps.slug, customers.appSlug))
    .leftJoin(appLogos, eq(appLogos.appSlug, apps.slug))
    .where(and(eq(portals.slug, slug), isNull(customers.archivedAt)));
  return row ?? null;
}

/** Whether this token is of a login at this customer's portal that holds. */
export async function holdsPortalSession(
  db: Tx,
  customerId: string,
  tokenHash: string,
): Promise<boolean> {
  const found = await db
    .select({ customerId: portalSessions.customerId })
    .from(portalSessions)
    .where(
      and(
        eq(portalSessions.tokenHash, tokenHash),
        eq(portalSessions.customerId, customerId),
        gt(portalSessions.expiresAt, sql`now()`),
      ),
    );
  return found.length > 0;
}

/**
 * Opens a login, if the password that was checked is still the portal's and its customer is not archived: both are held
 * until the commit, so that whoever changes them ends this login too.
 */
export async function insertPortalSession(
  tx: Tx,
  session: { customerId: string; passwordHash: string; tokenHash: string; seconds: number },
): Promise<boolean> {
  const { customerId, passwordHash, tokenHash, seconds } = session;
  const rows = await tx.execute(sql`
    insert into portal_sessions (token_hash, customer_id, expires_at)
    select ${tokenHash}, held.id, now() + make_interval(secs => ${seconds}) from (
      select c.id from portals p join customers c on c.id = p.customer_id
      where p.customer_id = ${customerId} and p.password_hash = ${passwordHash}
        and c.archived_at is null for share) as held
    returning 1`);
  return rows.length > 0;
}

/** @returns false: there was no such login */
export async function deletePortalSession(db: Tx, tokenHash: string): Promise<boolean> {
  const gone = await db
    .delete(portalSessions)
    .where(eq(portalSessions.tokenHash, tokenHash))
    .returning({ customerId: portalSessions.customerId });
  return gone.length > 0;
}

export async function deleteExpiredPortalSessions(db: Tx): Promise<void> {
  await db.execute(sql`delete from portal_sessions where expires_at <= now()`);
}
