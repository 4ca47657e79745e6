import { buildReports, numberOf, size } from './fleet.ts';
import { openSender } from './sender.ts';
import type { Stage } from './stage.ts';

/**
 * Check-ins of the whole fleet at a fixed rate, a tenth of them changing status, until it is stopped.
 * @param except ids of instances that somebody else speaks for
 */
export function startBackground(
  stage: Stage,
  perSecond: number,
  except: Iterable<string>,
): { stop(): Promise<void> } {
  const sender = openSender(stage.url, 200);
  const silent = new Set([...except].map(numberOf));
  const reports = buildReports(stage.host).filter((_, at) => !silent.has(at % size.instances));
  const underWay = new Set<Promise<void>>();
  let failure: Error | null = null;
  let begun = 0;
  const start = performance.now();
  const send = async () => {
    const { status } = await sender.send(reports[begun++ % reports.length]!);
    if (status !== 200) throw new Error(`A check-in in the background was answered ${status}.`);
  };
  const timer = setInterval(() => {
    while (begun < ((performance.now() - start) * perSecond) / 1000) {
      const one: Promise<void> = send()
        .catch((error: Error) => void (failure ??= error))
        .finally(() => underWay.delete(one));
      underWay.add(one);
    }
  }, 1);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      sender.close();
      if (failure) throw failure;
    },
  };
}
