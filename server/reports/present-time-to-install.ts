import type { TimeToInstallReport } from '#contract/reports.ts';
import { toInstant } from '#domain/instant.ts';
import { timeToInstall } from '#domain/time-to-install.ts';
import type { InstanceRecord } from '#server/store/reads-rows.ts';

/** Both times to install, of the instance among `records` that they are of; null: No Ready Instances. */
export function presentTimeToInstall(
  records: readonly InstanceRecord[],
  licenseCreatedAt: Date,
): TimeToInstallReport | null {
  const instances = records.map(({ instance }) => instance);
  const found = timeToInstall(instances, licenseCreatedAt.getTime());
  if (found === null) return null;
  const { instanceId, name, firstSeenAt, firstReadyAt } = found.instance;
  return {
    instance: { instanceId, name },
    instanceTime: found.instanceTime / 1000,
    licenseTime: found.licenseTime / 1000,
    firstSeenAt: toInstant(firstSeenAt),
    firstReadyAt: toInstant(firstReadyAt!),
    licenseCreatedAt: licenseCreatedAt.toISOString(),
  };
}
