import { type AppStatus, type Attention, type StatusValue, appStatuses } from '#contract/status.ts';
import type { Instance } from './model.ts';

/** What a moment of known time counts as in an uptime bar. */
export type BarState = 'up' | 'degraded' | 'down';

/** The worse of two app statuses, in the order missing, unavailable, degraded, updating, ready. */
export function worst(a: AppStatus, b: AppStatus): AppStatus {
  return appStatuses.indexOf(a) <= appStatuses.indexOf(b) ? a : b;
}

/** An app's status: the worst of its resources'; with no resource at all it is missing. */
export function aggregateStatus(resources: readonly { state: AppStatus }[]): AppStatus {
  if (resources.length === 0) return 'missing';
  return resources.reduce<AppStatus>((status, { state }) => worst(status, state), 'ready');
}

/** The one class under which lists count and sort an instance: refused, else inactive, else late, else its status. */
export function attentionOf(
  instance: Pick<Instance, 'facts' | 'refusal' | 'inactiveSince' | 'lateSince'>,
): Attention {
  if (instance.refusal !== null) return 'refused';
  if (instance.inactiveSince !== null) return 'inactive';
  if (instance.lateSince !== null) return 'late';
  const status = instance.facts.status;
  if (status === undefined) return 'unreported';
  return status === 'unmonitored' ? 'ready' : status;
}

/** What time under this status counts as; null: no data, since nothing vouches for it. */
export function barState(status: StatusValue): BarState | null {
  switch (status) {
    case 'ready':
    case 'updating':
      return 'up';
    case 'degraded':
      return 'degraded';
    case 'missing':
    case 'unavailable':
      return 'down';
    case 'unmonitored':
      return null;
  }
}
