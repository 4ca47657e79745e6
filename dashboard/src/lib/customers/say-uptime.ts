import type { CustomerRow } from '#contract/customers.ts';
import { type SpokenUptime, sayUptime } from '../charts/ratio.ts';

/**
 * The ratio of all of a customer's instances together. Its coverage is what is known of one of them on average.
 * @param window milliseconds of the bars, up to the moment the sum is of
 */
export function sayCustomerUptime(
  { uptime, counts }: Pick<CustomerRow, 'uptime' | 'counts'>,
  window: number,
): SpokenUptime {
  const instances = counts.active + counts.inactive + counts.airGap;
  const { up, degraded, down } = uptime;
  const { ratio, known } = sayUptime([[up, degraded, down]], 0);
  if (!known || instances === 0) return { ratio, known, coverage: null };
  const { coverage } = sayUptime(
    [[up / instances, degraded / instances, down / instances]],
    window,
  );
  return { ratio, known, coverage };
}
