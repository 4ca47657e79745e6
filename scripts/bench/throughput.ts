import { type ClientRequest, toBytes } from '../../tests/support/clients.ts';
import { sendInTurns } from './closed-loop.ts';
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
  const checkIns = reports.map((mine) => mine.map((one) => toBytes(one, stage.host)));
  const asNothing = reports.map((mine) =>
    mine
      .slice(0, 100)
      .map((one) => toBytes({ ...one, method: 'GET', path: '/healthz', body: null }, stage.host)),
  );
  await sendInTurns(stage.url, checkIns, 3);
  const durable: number[] = [];
  const nothing: number[] = [];
  let recorded = 0;
  const spent = { node: 0, postgres: 0 };
  for (let turn = 0; turn < turns; turn += 1) {
    const before = processorTime(stage);
    const answers = await sendInTurns(stage.url, checkIns, seconds);
    const after = processorTime(stage);
    spent.node += after.node - before.node;
    spent.postgres += after.postgres - before.postgres;
    recorded += answers;
    durable.push(answers / seconds);
    nothing.push((await sendInTurns(stage.url, asNothing, seconds)) / seconds);
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
