import { type Figure, quantile } from './figures.ts';
import { buildReports } from './fleet.ts';
import { latencies, requireAll200, sendSteadily } from './open-loop.ts';
import { openSender } from './sender.ts';
import type { Stage } from './stage.ts';

const perSecond = 3_000;
const seconds = 10;

/** How long a check-in takes at a fixed rate, a tenth of them changing status. */
export async function measureSteadyRate(stage: Stage): Promise<Figure[]> {
  const sender = openSender(stage.url, 1_000);
  const reports = buildReports(stage.host);
  const request = (n: number) => reports[n % reports.length]!;
  await sendSteadily(sender, { perSecond: perSecond / 2, seconds: 2, request });
  const sent = await sendSteadily(sender, { perSecond, seconds, request });
  sender.close();
  requireAll200(sent);
  const took = latencies(sent);
  const note = 'the load generator shares the processors';
  return [
    { name: 'check-in p50 at 3,000/s', value: quantile(took, 0.5), unit: 'ms', note },
    {
      name: 'check-in p99 at 3,000/s',
      value: quantile(took, 0.99),
      unit: 'ms',
      target: { most: 50 },
      note,
    },
  ];
}
