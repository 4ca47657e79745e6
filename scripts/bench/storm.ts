import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import type { AppStatus } from '#contract/status.ts';
import { toBytes } from '../../tests/support/clients.ts';
import { type Figure, quantile } from './figures.ts';
import { checkIn, numberOf, size } from './fleet.ts';
import { latencies, requireAll200, sendSteadily } from './open-loop.ts';
import { openSender } from './sender.ts';
import type { Stage } from './stage.ts';
import { openViewer, type Viewer } from './viewer.ts';

const viewers = 100;
const seconds = 10;
const patience = 30_000;

/** Every instance of the fleet changes its status within ten seconds, before viewers that together see all of them. */
export async function measureStorm(stage: Stage): Promise<Figure[]> {
  const watching: Viewer[] = [];
  for (let page = 0; page < viewers; page += 1) watching.push(await openViewer(stage, page));
  const rows = watching.flatMap((viewer) => [...viewer.rows().values()]);
  if (new Set(rows.map(({ id }) => id)).size !== size.instances) {
    throw new Error('The viewers do not see every instance.');
  }
  const transitions = shuffle(rows).map(({ instanceId, status }) => {
    const next: AppStatus = status === 'ready' ? 'unavailable' : 'ready';
    return toBytes(checkIn(numberOf(instanceId), next), stage.host);
  });

  const sender = openSender(stage.url, 1_000);
  const perSecond = size.instances / seconds;
  const load = { perSecond, seconds, request: (n: number) => transitions[n]! };
  const sent = await sendSteadily(sender, load);
  const committed = performance.now();
  sender.close();
  requireAll200(sent);
  const equalAfter = await untilEqual(watching, stage.db, committed);
  for (const viewer of watching) viewer.close();
  return [
    { name: 'storm: check-in p99', value: quantile(latencies(sent), 0.99), unit: 'ms' },
    {
      name: 'storm: all viewers equal after',
      value: equalAfter,
      unit: 'ms',
      target: { most: 2000 },
      note: '10,000 transitions in 10 s before 100 viewers',
    },
  ];
}

/** Milliseconds after `since` at which every viewer shows what the database holds. */
async function untilEqual(watching: Viewer[], db: Db, since: number): Promise<number> {
  const stored = await readStored(db);
  for (;;) {
    const at = performance.now() - since;
    if (watching.every((viewer) => isEqual(viewer, stored))) return at;
    if (at > patience) return Infinity;
    await sleep(10);
  }
}

interface Stored {
  revision: number;
  status: string;
  seen: number;
}

async function readStored(db: Db): Promise<Map<number, Stored>> {
  const found = await db.execute<{
    id: number;
    revision: number;
    status: string;
    seen: number;
  }>(sql`
    select id::float8 as id, revision, status,
      (extract(epoch from last_check_in_at) * 1000)::float8 as seen
    from instances`);
  return new Map(found.map((row) => [row.id, { ...row, seen: Math.round(row.seen) }]));
}

function isEqual(viewer: Viewer, stored: Map<number, Stored>): boolean {
  return [...viewer.rows().values()].every((row) => {
    const one = stored.get(row.id);
    return (
      one?.revision === row.revision &&
      one.status === row.status &&
      one.seen === Date.parse(row.lastCheckInAt)
    );
  });
}

function shuffle<Item>(items: Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
