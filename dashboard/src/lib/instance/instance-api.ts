import type {
  EditedInstance,
  MetricHistory,
  MetricSummary,
  UptimeIntervals,
  UptimeRange,
  UptimeReport,
} from '#contract/activity.ts';
import type { Instant } from '#contract/instance.ts';
import { request } from '../api.ts';
import type { linkInstance } from '../instance-words.ts';

type Named = Parameters<typeof linkInstance>[0];
const part = encodeURIComponent;
const path = ({ customer, instanceId }: Named, rest = '') =>
  `/api/customers/${part(customer.id)}/instances/${part(instanceId)}${rest}`;

export interface InstanceChange {
  /** Null: it has none. */
  name?: string | null;
  setTags?: Record<string, string>;
  removeTags?: string[];
}

/** What an instance's page reads beyond its report, and what the vendor does with an instance. */
export const instanceApi = {
  uptime: (instance: Named, range: UptimeRange, signal?: AbortSignal) =>
    request<UptimeReport>(path(instance, `/uptime?range=${range}`), { signal }),

  /** What a ratio counted, oldest first; `after`: the `next` of the page before. */
  intervals(
    instance: Named,
    from: Instant,
    to: Instant,
    after: Instant | null,
    signal?: AbortSignal,
  ) {
    const query = new URLSearchParams({ from, to, ...(after === null ? {} : { after }) });
    return request<UptimeIntervals>(path(instance, `/uptime/intervals?${query}`), { signal });
  },

  metrics: (instance: Named, signal?: AbortSignal) =>
    request<MetricSummary[]>(path(instance, '/metrics'), { signal }),

  metric: (instance: Named, name: string, range: UptimeRange, signal?: AbortSignal) =>
    request<MetricHistory>(path(instance, `/metrics/${part(name)}?range=${range}`), { signal }),

  change: (instance: Named, change: InstanceChange) =>
    request<EditedInstance>(path(instance), { method: 'PATCH', body: change }),

  archive: (instance: Named) => request<unknown>(path(instance, '/archive'), { method: 'POST' }),

  restore: (instance: Named) => request<unknown>(path(instance, '/restore'), { method: 'POST' }),
};
