import { strict as assert } from 'node:assert';
import { desc, eq } from 'drizzle-orm';
import { auditEntries, customers, licenses } from '#db/schema.ts';
import type { CustomerReport } from '#contract/reports.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { tokenOf } from '../support/session.ts';

export interface Answer<T> {
  status: number;
  body: T;
  /** The sentence of a refusal; empty where there is none. */
  message: string;
}

/** The application with the small fleet, asked by software that may edit. */
export interface Office extends TestApp {
  ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>>;
  report(customerId: string): Promise<CustomerReport>;
  /** The customer with its license as stored. */
  stored(customerId: string): Promise<{
    customer: typeof customers.$inferSelect;
    license: typeof licenses.$inferSelect;
  }>;
  /** The newest note of the audit. */
  lastNote(): Promise<typeof auditEntries.$inferSelect | undefined>;
  /** A check-in through the plain door. @returns the status */
  checkIn(licenseId: string, report?: object): Promise<number>;
}

export async function openOffice(): Promise<Office> {
  const house = await openApp();
  const { app, fresh } = house;
  const { db } = fresh;
  const headers = await tokenOf(db, 'write');
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<Answer<T>> => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const response = await app.request(path, { method, headers, body: text });
    const answer = (await response.json()) as T & { error?: { message: string } };
    return { status: response.status, body: answer, message: answer.error?.message ?? '' };
  };
  return {
    ...house,
    ask,
    report: async (id) => (await ask<CustomerReport>('GET', `/api/customers/${id}`)).body,
    async stored(id) {
      const [row] = await db
        .select({ customer: customers, license: licenses })
        .from(customers)
        .innerJoin(licenses, eq(licenses.customerId, customers.id))
        .where(eq(customers.id, id));
      assert.ok(row, `the customer ${id} is stored`);
      return row;
    },
    async lastNote() {
      const [note] = await db.select().from(auditEntries).orderBy(desc(auditEntries.id)).limit(1);
      return note;
    },
    async checkIn(licenseId, report = { instanceId: 'one', status: 'ready' }) {
      const response = await app.request('/api/check-ins', {
        method: 'POST',
        headers: { authorization: `Bearer ${licenseId}` },
        body: JSON.stringify(report),
      });
      return response.status;
    },
  };
}

/** License terms with nothing special about them. */
export const plainTerms = {
  type: 'paid',
  expiresAt: null as string | null,
  features: [] as string[],
  entitlements: {},
};
