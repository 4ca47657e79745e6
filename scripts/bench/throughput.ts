import autocannon from 'autocannon';
import { type ClientRequest } from '../../tests/support/clients.ts';
import { type Figure, median } from './figures.ts';
import { checkIn, rounds, size, statusIn } from './fleet.ts';
import { processorTime } from './processes.ts';
import type { Stage } from './stage.ts';

const connections = 128;
const seconds = 6;
const turns = 3;

/**
 * Durable check-ins a second, and what one costs, beside a route of the same server that does nothing: the same
 * headers, in turns, so that both meet the same machine.
 */
export async function measureThroughput(stage: Stage): Promise<Figure[]> {
  const reports = splitReports();
  await run(stage, reports, 3);
  const durable: number[] = [];
  const nothing: number[] = [];
  let recorded = 0;
  const spent = { node: 0, postgres: 0 };
  for (let turn = 0; turn < turns; turn += 1) {
    const before = processorTime(stage);
    const answers = await run(stage, reports, seconds);
    const after = processorTime(stage);
    spent.node += after.node - before.node;
    spent.postgres += after.postgres - before.postgres;
    recorded += answers;
    durable.push(answers / seconds);
    nothing.push((await run(stage, asNothing(reports), seconds)) / seconds);
  }
  const micros = (time: number) => (time / recorded) * 1e6;
  const note = 'the load generator shares the processors';
  return [
    { name: 'durable check-ins', value: median(durable), unit: '/s', note },
    { name: 'GET /healthz, same headers', value: median(nothing), unit: '/s', note },
    {
      name: 'check-ins ÷ healthz',
      value: median(durable) / median(nothing),
      unit: '',
      target: { least: 0.5 },
    },
    {
      name: 'processor time in Node',
      value: micros(spent.node),
      unit: 'µs/check-in',
      target: { most: 120 },
    },
    {
      name: 'processor time in PostgreSQL',
      value: micros(spent.postgres),
      unit: 'µs/check-in',
      target: { most: 60 },
    },
  ];
}

/** Each connection speaks for its own instances, round after round. */
function splitReports(): ClientRequest[][] {
  return Array.from({ length: connections }, (_, connection) => {
    const mine: number[] = [];
    for (let n = connection; n < size.instances; n += connections) mine.push(n);
    return Array.from({ length: rounds }, (_, round) =>
      mine.map((n) => checkIn(n, statusIn(round, n))),
    ).flat();
  });
}

const asNothing = (reports: ClientRequest[][]): ClientRequest[][] =>
  reports.map((mine) =>
    mine
      .slice(0, 100)
      .map(({ headers }) => ({ method: 'GET', path: '/healthz', headers, body: null })),
  );

/** @returns answers, all of them 200. @throws Error on any other */
async function run(stage: Stage, requests: ClientRequest[][], duration: number): Promise<number> {
  let next = 0;
  const result = await autocannon({
    url: stage.url,
    connections,
    duration,
    timeout: 20,
    setupClient(client) {
      const mine = requests[next++ % requests.length]!;
      client.setRequests(
        mine.map(({ body, ...request }) => ({ ...request, body: body ?? undefined })),
      );
    },
  });
  const bad = result.non2xx + result.errors + result.timeouts + result.mismatches;
  const other = Object.keys(result.statusCodeStats ?? {}).filter((code) => code !== '200');
  if (bad > 0 || other.length > 0) {
    throw new Error(`Not all were answered 200: ${bad} were not (${other.join(', ')}).`);
  }
  return result['2xx'];
}
