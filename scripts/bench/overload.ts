import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, quantile } from './figures.ts';
import { licenseOf, plainCheckIn, rounds, size, statusIn } from './fleet.ts';
import { latencies, sendSteadily, type Sent } from './open-loop.ts';
import { openSender, type Sender } from './sender.ts';
import type { Stage } from './stage.ts';

/** Check-ins in one request: so that the database, not the reading of requests, is what cannot keep up. */
const inOne = 20;
const seconds = 8;

/** What the server does with twice as many check-ins as it can commit: it says so to some, and serves the others. */
export async function measureOverload(stage: Stage): Promise<Figure[]> {
  const reports = buildArrays(stage.host);
  const request = (n: number) => reports[n % reports.length]!;
  const sender = openSender(stage.url, 4_000);
  await settle(sender, reports);
  const capacity = await measureCapacity(sender, request);
  const sent = await sendSteadily(sender, { perSecond: (2 * capacity) / inOne, seconds, request });
  const calmAgain = await untilCalm(sender, request);
  sender.close();

  const turnedAway = sent.filter(({ status }) => status === 503);
  const taken = sent.filter(({ status }) => status === 200);
  if (taken.length + turnedAway.length < sent.length)
    throw new Error('Something else than 200 and 503 was answered.');
  if (turnedAway.some(({ retryAfter }) => retryAfter === null))
    throw new Error('A 503 came without Retry-After.');
  // The first second fills the queue, and what is answered after the last request was due only empties it.
  const goodput = rateBetween(taken, 1000, seconds * 1000);
  const share = (turnedAway.length / sent.length) * 100;
  return [
    { name: 'capacity, 20 check-ins a request', value: capacity, unit: 'check-ins/s' },
    {
      name: 'goodput at twice the capacity',
      value: (goodput / capacity) * 100,
      unit: '% of capacity',
      target: { least: 80 },
    },
    { name: 'turned away (503, Retry-After)', value: share, unit: '%', target: { least: 1 } },
    { name: 'p99 of those taken', value: quantile(latencies(taken), 0.99), unit: 'ms' },
    { name: 'calm after', value: calmAgain, unit: 'ms', target: { most: 1000 } },
  ];
}

/** One round of the whole fleet, so that whatever was said before, every tenth report changes a status from now on. */
async function settle(sender: Sender, reports: Buffer[]): Promise<void> {
  for (const request of reports.slice(-size.instances / inOne)) {
    const { status } = await sender.send(request);
    if (status !== 200) throw new Error(`A request was answered ${status}.`);
  }
}

/** Check-ins a second with as many requests under way as fill the database's batches, and no more. */
async function measureCapacity(sender: Sender, request: (n: number) => Buffer): Promise<number> {
  const atOnce = 64;
  const rampUp = 1000;
  const duration = 4000;
  const start = performance.now();
  let taken = 0;
  let next = 0;
  const work = async () => {
    for (;;) {
      const { status } = await sender.send(request(next++));
      const passed = performance.now() - start;
      if (status !== 200) throw new Error(`A request was answered ${status}.`);
      if (passed > rampUp + duration) return;
      if (passed > rampUp) taken += inOne;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return (taken / duration) * 1000;
}

function rateBetween(taken: Sent[], from: number, to: number): number {
  const within = taken.filter(({ answered }) => answered >= from && answered < to);
  return (within.length * inOne * 1000) / (to - from);
}

/** Milliseconds from the last answer until ten check-ins in a row were taken within 100 ms each. */
async function untilCalm(sender: Sender, request: (n: number) => Buffer): Promise<number> {
  const start = performance.now();
  for (let inRow = 0; inRow < 10; await sleep(10)) {
    const [sent] = await sendSteadily(sender, { perSecond: 1, seconds: 1, request });
    inRow = sent?.status === 200 && sent.answered < 100 ? inRow + 1 : 0;
    if (performance.now() - start > 20_000) return Infinity;
  }
  return performance.now() - start;
}

/** The fleet's reports by the plain door, twenty instances of a customer at a time, round after round. */
function buildArrays(host: string): Buffer[] {
  const arrays: Buffer[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (let first = 0; first < size.instances; first += inOne * size.customers) {
      for (let customer = 0; customer < size.customers; customer += 1) {
        const mine = Array.from({ length: inOne }, (_, n) => first + customer + n * size.customers);
        const body = JSON.stringify(mine.map((n) => plainCheckIn(n, statusIn(round, n))));
        const head = [
          'POST /api/check-ins HTTP/1.1',
          `Host: ${host}`,
          `Authorization: Bearer ${licenseOf(customer)}`,
          `Content-Length: ${Buffer.byteLength(body)}`,
        ];
        arrays.push(Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`));
      }
    }
  }
  return arrays;
}
