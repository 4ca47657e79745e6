import type { Time } from './model.ts';

export interface TimeToInstall<T> {
  /** The instance whose first ready is the most recent: the one that both times are of. */
  instance: T;
  /** First ready − first event of the instance, in milliseconds. */
  instanceTime: number;
  /** First ready − license created, in milliseconds. */
  licenseTime: number;
}

/** A customer's times to install; null: No Ready Instances. */
export function timeToInstall<T extends { firstSeenAt: Time; firstReadyAt: Time | null }>(
  instances: readonly T[],
  licenseCreatedAt: Time,
): TimeToInstall<T> | null {
  let latest: { instance: T; firstReadyAt: Time } | null = null;
  for (const instance of instances) {
    const { firstReadyAt } = instance;
    if (firstReadyAt === null || (latest !== null && firstReadyAt <= latest.firstReadyAt)) continue;
    latest = { instance, firstReadyAt };
  }
  if (latest === null) return null;
  return {
    instance: latest.instance,
    instanceTime: latest.firstReadyAt - latest.instance.firstSeenAt,
    licenseTime: latest.firstReadyAt - licenseCreatedAt,
  };
}
