import type { Db } from '#db/client.ts';
import { licenseIds } from '../support/fleet.ts';
import { tokenOf, visitorOf } from '../support/session.ts';

export const actors = [
  'nobody',
  'viewer',
  'admin',
  'owner',
  'read token',
  'write token',
  'license',
  "another customer's license",
] as const;
export type ActorName = (typeof actors)[number];

/** Headers with which a new such actor asks. Instances say who they are in two ways, by the path they call. */
export async function headersOf(
  db: Db,
  actor: ActorName,
  { url, basic = false }: { url?: string; basic?: boolean } = {},
): Promise<Record<string, string>> {
  const license = (id: string) => ({
    authorization: basic
      ? `Basic ${Buffer.from(`${id}:${id}`).toString('base64')}`
      : `Bearer ${id}`,
  });
  switch (actor) {
    case 'nobody':
      return {};
    case 'viewer':
    case 'admin':
    case 'owner': {
      const { cookie, origin } = await visitorOf(db, actor, { url });
      return { cookie, origin };
    }
    case 'read token':
      return tokenOf(db, 'read');
    case 'write token':
      return tokenOf(db, 'write');
    case 'license':
      return license(licenseIds.geeglo);
    case "another customer's license":
      return license(licenseIds.roamway);
  }
}
