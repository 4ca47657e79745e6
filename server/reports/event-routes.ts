import { Hono } from 'hono';
import { type EventsQuery, eventsQuery, type ListedEvent } from '#contract/activity.ts';
import { writeCsvLine } from '#domain/csv.ts';
import { type AccountEnv, requires } from '#server/accounts/index.ts';
import type { Reports } from './index.ts';
import { parseQuery } from './parse-query.ts';

/** Columns of the CSV, in this order. */
const columns = {
  id: (event) => event.id,
  at: (event) => event.at,
  receivedAt: (event) => event.receivedAt,
  customerId: (event) => event.customer.id,
  customerName: (event) => event.customer.name,
  instanceId: (event) => event.instanceId,
  instanceName: (event) => event.instanceName,
  category: (event) => event.category,
  field: (event) => event.field,
  label: (event) => event.label,
  before: (event) => event.before,
  after: (event) => event.after,
  reporter: (event) => event.reporter,
} satisfies Record<string, (event: ListedEvent) => string | number | boolean | null>;

/** Events for software and spreadsheets. */
export function eventRoutes(reports: Reports): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();

  routes.get('/api/events', requires('read'), async (c) => {
    const query = parseQuery(eventsQuery, c.req.queries());
    if (query.format === 'json')
      return c.json(await reports.eventsPage(query), 200, { 'Cache-Control': 'no-store' });
    return c.body(await streamCsv(reports, query), 200, {
      'Cache-Control': 'no-store',
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': 'attachment; filename="events.csv"',
    });
  });

  return routes;
}

/** Reads on only as fast as it is taken; what fails midway breaks the answer off instead of ending it like a whole one. */
async function streamCsv(reports: Reports, query: EventsQuery): Promise<ReadableStream> {
  const parts = await reports.eventStream(query);
  const encoder = new TextEncoder();
  const cells = Object.values(columns);
  return new ReadableStream({
    start(stream) {
      stream.enqueue(encoder.encode(writeCsvLine(Object.keys(columns))));
    },
    async pull(stream) {
      for (;;) {
        const { done, value } = await parts.next();
        if (done) return stream.close();
        if (value.length === 0) continue;
        const lines = value.map((event) => writeCsvLine(cells.map((read) => read(event))));
        return stream.enqueue(encoder.encode(lines.join('')));
      }
    },
    async cancel() {
      await parts.return();
    },
  });
}
