import type { PortalSummary } from '#contract/portal.ts';
import { toInstant } from '#domain/instant.ts';
import type { Config } from '#server/config.ts';
import type { PortalRecord } from '#server/store/portals.ts';

/** A customer's portal, as the customer page shows it; null: an older process made the customer without one. */
export function presentPortal(
  portal: PortalRecord | null,
  { publicUrl }: Pick<Config, 'publicUrl'>,
): PortalSummary | null {
  if (portal === null) return null;
  const { slug, passwordSetAt, sessions, lastVersion, downloads } = portal;
  return {
    url: `${publicUrl}/portal/${slug}`,
    passwordSetAt: toInstant(passwordSetAt),
    sessions,
    lastVersion: lastVersion && { ...lastVersion, at: toInstant(lastVersion.at) },
    downloads: downloads.map(({ at, completedAt, ...rest }) => ({
      ...rest,
      at: toInstant(at),
      completedAt: toInstant(completedAt),
    })),
  };
}
