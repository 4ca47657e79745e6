import type { AppStatus } from '#contract/status.ts';
import { licenseNamed, plainCheckIn } from '../bench/fleet.ts';

export const customers = 50;

const troubles: AppStatus[] = ['updating', 'degraded', 'unavailable', 'missing'];

/**
 * What instance `n` says in its `turn`-th report: one in twenty is in trouble, another one each time, and in every fourth
 * turn nobody is, so that room for problems is made and taken back again and again.
 */
function statusIn(turn: number, n: number): AppStatus {
  if (turn % 4 === 3 || (n * 7 + turn * 13) % 20 !== 0) return 'ready';
  return troubles[(Math.floor(n / 20) + turn) % troubles.length]!;
}

export interface Reports {
  answered(): { count: number; seconds: number };
  /** Resolves once everything that was sent is answered. */
  stop(): Promise<void>;
}

/** The fleet's reports through the plain door, all of a customer's instances at a time. */
export function startReports(url: string, perSecond: number, instances: number): Reports {
  const each = instances / customers;
  const startedAt = performance.now();
  const open = new Set<Promise<void>>();
  let sent = 0;
  let count = 0;
  let seconds = 1;

  const send = async (turn: number) => {
    const customer = turn % customers;
    const body = Array.from({ length: each }, (_, at) => {
      const n = customer + at * customers;
      return plainCheckIn(n, statusIn(Math.floor(turn / customers), n));
    });
    const answer = await fetch(`${url}/api/check-ins`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${licenseNamed(customer)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    if (answer.ok) count += each;
    await answer.arrayBuffer();
  };
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * (perSecond / each);
    while (sent < due) {
      const one = send(sent).catch(() => {});
      open.add(one);
      void one.finally(() => open.delete(one));
      sent += 1;
    }
  }, 20);
  return {
    answered: () => ({ count, seconds }),
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      seconds = (performance.now() - startedAt) / 1000;
    },
  };
}
