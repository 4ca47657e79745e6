import { sql } from 'drizzle-orm';
import type { Tx } from './instances.ts';

/** What other processes, and this one, are told of an edit once its transaction is committed. */
export type Announcement =
  | { kind: 'catalog' }
  /** The published address ranges of clouds. */
  | { kind: 'clouds' }
  /** Their details, license or portal; at most a few. */
  | { kind: 'customers'; ids: string[] }
  | ScreenAnnouncement;

/** To the connections of one screen; or only that the list of screens is another one now. */
export type ScreenAnnouncement =
  | { kind: 'screen'; id: string; what: 'edited' | 'revoked' | 'reload' | 'identify' }
  | { kind: 'screens' };

/** The NOTIFY channel of announcements. */
export const announcementChannel = 'rollcall';

/** Apps, channels or releases are others now. Raises the version that whoever remembers them compares. */
export async function announceCatalog(tx: Tx): Promise<void> {
  await tx.execute(sql`update catalog_versions set version = version + 1`);
  await tell(tx, { kind: 'catalog' });
}

/** These customers are others now: their details, license or portal. */
export async function announceCustomers(tx: Tx, ids: string[]): Promise<void> {
  await tell(tx, { kind: 'customers', ids });
}

export async function announceClouds(tx: Tx): Promise<void> {
  await tell(tx, { kind: 'clouds' });
}

export async function announceScreen(tx: Tx, said: ScreenAnnouncement): Promise<void> {
  await tell(tx, said);
}

/** @returns null: a message of another version of Rollcall, or of somebody else */
export function readAnnouncement(payload: string): Announcement | null {
  try {
    const said = JSON.parse(payload) as Partial<Announcement>;
    if (said.kind === 'catalog' || said.kind === 'clouds') return { kind: said.kind };
    if (said.kind === 'customers' && Array.isArray(said.ids)) {
      return { kind: 'customers', ids: said.ids.map(String) };
    }
    if (said.kind === 'screens') return { kind: 'screens' };
    if (said.kind === 'screen' && typeof said.id === 'string' && said.what !== undefined)
      return { kind: 'screen', id: said.id, what: said.what };
  } catch {
    // Not ours.
  }
  return null;
}

async function tell(tx: Tx, said: Announcement): Promise<void> {
  await tx.execute(sql`select pg_notify(${announcementChannel}, ${JSON.stringify(said)})`);
}
