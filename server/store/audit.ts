import { sql } from 'drizzle-orm';
import { auditEntries } from '#db/schema.ts';
import type { Tx } from './instances.ts';

export type NewAuditEntry = typeof auditEntries.$inferInsert;

/** Appends in the caller's transaction: what it notes happens with it or not at all. */
export async function appendAudit(tx: Tx, entry: NewAuditEntry): Promise<void> {
  await tx.insert(auditEntries).values(entry);
}

/**
 * Notes that somebody tried to sign in as the person with this address; of addresses that nobody has, nothing is kept,
 * since people type passwords into the wrong field. One statement either way, so that its time tells nothing.
 */
export async function appendRefusedSignIn(
  db: Tx,
  tried: { email: string; action: string; address: string | null; requestId: string | null },
): Promise<void> {
  await db.execute(sql`
    insert into audit_entries (actor_kind, action, target_kind, target_id, target_name, address, request_id)
    select 'nobody', ${tried.action}, 'person', id, name, ${tried.address}, ${tried.requestId}
    from users where email = ${tried.email}`);
}
