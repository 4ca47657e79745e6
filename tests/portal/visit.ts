import { sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import type { ReleaseFile } from '#contract/portal.ts';
import { type Ask, made, tusClient } from '../files/tus.ts';

export const password = 'blue otters count to nine';

/** The address of a customer's portal, without the origin. */
export async function portalOf(db: Db, customerId: string): Promise<string> {
  const [row] = await db.execute<{ slug: string }>(
    sql`select slug from portals where customer_id = ${customerId}`,
  );
  return `/portal/${row!.slug}`;
}

/** Sets a portal's password as the vendor does; `null` has the server make one. @returns the password */
export async function setPassword(
  ask: Ask,
  headers: Record<string, string>,
  customerId: string,
  given: string | null = password,
): Promise<string> {
  const answer = await ask(`/api/customers/${customerId}/portal/password`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ password: given }),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
  return ((await answer.json()) as { password: string }).password;
}

/** Sends the form of the login page; `origin` as a browser says it. */
export function postLogin(
  ask: Ask,
  portal: string,
  given: string,
  more: Record<string, string> = {},
): Promise<Response> {
  return ask(`${portal}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...more },
    body: new URLSearchParams({ password: given }).toString(),
  });
}

/** Logs in. @returns the cookie, as it is sent back */
export async function logIn(ask: Ask, portal: string, given = password): Promise<string> {
  const answer = await postLogin(ask, portal, given);
  if (answer.status !== 303) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.headers.getSetCookie()[0]!.split(';')[0]!;
}

/** Puts a file onto a release as the vendor does. */
export async function addFile(
  ask: Ask,
  headers: Record<string, string>,
  { name, content, kind = 'file' as const, app = 'acme', release = 13 }: NewFile,
): Promise<ReleaseFile> {
  const to = `/api/apps/${app}/releases/${release}/files`;
  return made(await tusClient(ask, headers).whole(name, content, kind, to));
}

interface NewFile {
  name: string;
  content: Uint8Array<ArrayBuffer>;
  kind?: 'file' | 'airgap';
  app?: string;
  release?: number;
}

export interface NotedDownload {
  id: number;
  name: string;
  versionLabel: string | null;
  completed: boolean;
}

/** All that is noted of a customer's downloads, oldest first. */
export async function downloadsOf(db: Db, customerId: string): Promise<NotedDownload[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    select id::int, name, version_label as "versionLabel", completed_at is not null as completed
    from portal_downloads where customer_id = ${customerId} order by id`);
  return rows.map((row) => ({ ...row }) as unknown as NotedDownload);
}
