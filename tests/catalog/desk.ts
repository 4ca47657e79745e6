import { desc } from 'drizzle-orm';
import { auditEntries } from '#db/schema.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { ownerOf, visitorOf } from '../support/session.ts';

interface Answer<T> {
  status: number;
  /** What was answered, or the sentence of the refusal. */
  body: T;
  message: string;
}

export interface CatalogDesk extends TestApp {
  /** Asks as an owner, or as a viewer where told so. */
  ask<T>(method: string, path: string, body?: unknown, as?: 'viewer'): Promise<Answer<T>>;
  /** The newest audit entries, as action and target. */
  deeds(most: number): Promise<[action: string, target: string | null][]>;
}

/** The application with the small fleet, and somebody who edits it. */
export async function openDesk(): Promise<CatalogDesk> {
  const house = await openApp();
  const { db } = house.fresh;
  const people = { owner: await ownerOf(db), viewer: await visitorOf(db, 'viewer') };
  return {
    ...house,
    async ask<T>(method: string, path: string, body?: unknown, as?: 'viewer') {
      const { cookie, origin } = people[as ?? 'owner'];
      const isBytes = body instanceof Uint8Array;
      const response = await house.app.request(path, {
        method,
        headers: { host: 'localhost', cookie, origin },
        body: isBytes
          ? new Uint8Array(body)
          : body === undefined
            ? undefined
            : JSON.stringify(body),
      });
      const answered = (await response.json()) as T & { error?: { message: string } };
      return { status: response.status, body: answered, message: answered.error?.message ?? '' };
    },
    async deeds(most) {
      const rows = await db.select().from(auditEntries).orderBy(desc(auditEntries.id)).limit(most);
      return rows.map(({ action, targetId }) => [action, targetId]);
    },
  };
}
