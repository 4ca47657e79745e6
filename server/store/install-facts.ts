import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { apps, channels, customers, licenses, releases } from '#db/schema.ts';
import type { InstallFacts } from '#domain/install-instructions.ts';
import type { Tx } from './instances.ts';

/** What a customer's install instructions are made from, and its license id, a secret; null: no such customer. */
export async function readInstallFacts(
  db: Tx,
  customerId: string,
): Promise<{ facts: InstallFacts; licenseId: string } | null> {
  const [row] = await db
    .select({
      customer: { name: customers.name, email: customers.email },
      app: {
        slug: apps.slug,
        name: apps.name,
        helmRegistry: apps.helmRegistry,
        helmChart: apps.helmChart,
        installTemplate: apps.installTemplate,
        airGapTemplate: apps.airGapTemplate,
      },
      channelId: channels.id,
      channel: channels.name,
      hasAirGap: sql<boolean>`'airgap' = any(${licenses.features})`,
      licenseId: licenses.licenseId,
    })
    .from(customers)
    .innerJoin(apps, eq(apps.slug, customers.appSlug))
    .innerJoin(channels, eq(channels.id, customers.channelId))
    .innerJoin(licenses, eq(licenses.customerId, customers.id))
    .where(eq(customers.id, customerId));
  if (!row) return null;
  const { channelId, licenseId, ...rest } = row;
  const [release] = await db
    .select({ versionLabel: releases.versionLabel, promotedAt: releases.promotedAt })
    .from(releases)
    .where(and(eq(releases.channelId, channelId), isNull(releases.demotedAt)))
    .orderBy(desc(releases.channelSequence))
    .limit(1);
  const latest = release ? { ...release, promotedAt: release.promotedAt.getTime() } : null;
  return { facts: { ...rest, release: latest }, licenseId };
}
