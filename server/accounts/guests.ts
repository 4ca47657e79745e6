import type { Role } from '#contract/accounts.ts';
import { noteSeen, readRoles } from '#server/store/sessions.ts';
import type { Desk } from './desk.ts';
import { readSession } from './identify.ts';

export interface Guest {
  sessionId: string;
  role: Role;
}

/** What the live connections know of accounts: who may come in, and who is still there. */
export interface Guests {
  /** Who a handshake with these cookies is; null: nobody. Rejects when the database cannot be read. */
  admit(cookies: string | undefined): Promise<Guest | null>;
  /** Of these sessions those that hold, with the role that each has now; notes that they were seen. */
  recheck(sessionIds: string[]): Promise<Map<string, Role>>;
}

export function createGuests(desk: Desk): Guests {
  return {
    async admit(cookies) {
      const session = await readSession(desk, cookies);
      return session && { sessionId: session.id, role: session.person.role };
    },
    async recheck(sessionIds) {
      const roles = await readRoles(desk.db, sessionIds);
      await noteSeen(desk.db, [...roles.keys()]);
      return roles;
    },
  };
}
