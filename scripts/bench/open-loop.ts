import type { Answer, Sender } from './sender.ts';

export interface Sent extends Answer {
  /** Milliseconds since the load began: when it was due, and when it was answered. */
  due: number;
  answered: number;
}

/**
 * Sends at a fixed rate, whatever becomes of the requests sent before. A latency counts from the moment a request was
 * due, so that waiting in the generator is not hidden.
 * @param request the bytes of the `n`th request
 * @param tell called for each answer as it comes
 */
export async function sendSteadily(
  sender: Sender,
  load: { perSecond: number; seconds: number; request: (n: number) => Buffer },
  tell?: (sent: Sent, n: number) => void,
): Promise<Sent[]> {
  const total = Math.round(load.perSecond * load.seconds);
  const sent: Sent[] = [];
  const failed: unknown[] = [];
  const start = performance.now();
  let begun = 0;
  let settled = 0;
  await new Promise<void>((resolve) => {
    const settle = () => {
      settled += 1;
      if (settled === total) resolve();
    };
    const go = (n: number) => {
      const due = (n * 1000) / load.perSecond;
      sender.send(load.request(n)).then(
        (answer) => {
          const one = { ...answer, due, answered: performance.now() - start };
          sent.push(one);
          tell?.(one, n);
          settle();
        },
        (error: unknown) => {
          failed.push(error);
          settle();
        },
      );
    };
    const tick = () => {
      const until = Math.min(total, ((performance.now() - start) * load.perSecond) / 1000 + 1);
      while (begun < Math.floor(until)) go(begun++);
      if (begun < total) setTimeout(tick, 1);
    };
    tick();
  });
  if (failed.length > 0) throw new Error(`${failed.length} requests failed.`, { cause: failed[0] });
  return sent;
}

/** @throws Error when any was answered something else than 200 */
export function requireAll200(sent: Sent[]): void {
  const other = sent.find(({ status }) => status !== 200);
  if (other) throw new Error(`A request was answered ${other.status}.`);
}

/** Milliseconds from due to answered. */
export const latencies = (sent: Sent[]) => sent.map(({ due, answered }) => answered - due);
