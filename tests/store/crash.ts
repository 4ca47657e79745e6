import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import * as assert from 'uvu/assert';
import { openDatabase } from '#db/client.ts';
import { importFleet, licenseIds } from '../support/fleet.ts';
import { killPostgres, stopOrphan } from '../support/postgres.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** What is killed without a farewell, while reports are on their way. */
export type Victim = 'server' | 'database' | 'both';

const env = { NEW_INSTANCES_BURST: '1000000', REPORTS_PER_LICENSE: '1000000', LOG_LEVEL: 'warn' };

/**
 * Loads a real server with check-ins of instances never seen, kills the victim under the load, starts again, and
 * compares: every check-in that was answered with a 200 has to be there.
 */
export async function crashUnderLoad(
  rounds: Victim[],
  load: { connections: number; forMs: number },
) {
  const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-crash-'));
  const answered = new Set<string>();
  try {
    for (const [round, victim] of rounds.entries()) {
      let server = await startServer({ dataDir, env });
      if (round === 0) await prepare(dataDir);
      const sender = send(server, answered, load.connections, `${round}`);
      await sleep(load.forMs);
      if (victim !== 'database') await server.kill('SIGKILL');
      if (victim !== 'server') killPostgres(dataDir);
      const sent = await sender.finish();
      assert.ok(sent > load.connections, 'there was a load');
      if (victim !== 'database') server = await startServer({ dataDir, env });
      await compare(dataDir, answered);
      await server.stop();
    }
    return answered.size;
  } finally {
    await stopOrphan(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function prepare(dataDir: string) {
  const database = await openDatabase({ databaseUrl: null, dataDir });
  await importFleet(database.db);
  const [row] = await database.db.execute<Record<string, string>>(sql`
    select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
      current_setting('full_page_writes') as full_page_writes`);
  assert.equal({ ...row }, { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' });
  await database.close();
  // The server reads licenses when it needs them: nothing has to be told.
}

function send(server: TestServer, answered: Set<string>, connections: number, prefix: string) {
  let running = true;
  let sent = 0;
  const work = async () => {
    while (running) {
      sent += 1;
      const instanceId = `${prefix}-${sent}`;
      const answer = await fetch(`${server.url}/api/check-ins`, {
        method: 'POST',
        headers: { authorization: `Bearer ${licenseIds.geeglo}` },
        body: JSON.stringify({ instanceId, status: 'ready', metrics: { n: sent } }),
        signal: AbortSignal.timeout(5000),
      }).catch(() => null);
      if (answer?.status === 200) answered.add(instanceId);
      else if (!answer) return;
      await answer?.body?.cancel();
    }
  };
  const workers = Promise.all(Array.from({ length: connections }, work));
  return {
    async finish() {
      running = false;
      await workers;
      return sent;
    },
  };
}

async function compare(dataDir: string, answered: Set<string>) {
  const database = await openDatabase({ databaseUrl: null, dataDir });
  const rows = await database.db.execute<{ id: string; events: number; metrics: number }>(sql`
    select i.instance_id as id,
      (select count(*)::int from instance_events e where e.instance = i.id) as events,
      (select count(*)::int from instance_metrics m where m.instance = i.id) as metrics
    from instances i`);
  const stored = new Map(rows.map((row) => [row.id, row]));
  const lost = [...answered].filter((id) => {
    const row = stored.get(id);
    return !row || row.events < 2 || row.metrics !== 1;
  });
  assert.equal(lost, [], `${lost.length} of ${answered.size} answered check-ins are lost`);
  await database.close();
}
