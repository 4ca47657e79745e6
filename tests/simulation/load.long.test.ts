import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { freshDatabase } from '../support/database.ts';
import { startServer } from '../support/server.ts';

const instances = 3000;
const seconds = 240;

function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  );
}

const residentMegabytes = (pid: number) =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

test('four minutes of a fleet of 3,000 stock clients: nothing refused, nothing lost, memory level', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-load-'));
  const file = join(folder, 'fleet.yaml');
  const database = await freshDatabase();
  const server = await startServer({
    databaseUrl: database.open.url,
    env: {
      LOG_LEVEL: 'warn',
      NEW_INSTANCES_BURST: '100000',
      REPORTS_PER_LICENSE: '10000',
    },
  });
  try {
    const simulate = ['scripts/simulate.ts', '--instances', `${instances}`];
    const written = await run([...simulate, '--write-fleet', file]);
    assert.is(written.code, 0, written.output);
    const imported = await run(['scripts/import.ts', file], { DATABASE_URL: database.open.url });
    assert.is(imported.code, 0, imported.output);

    const memory: number[] = [];
    const watch = setInterval(() => memory.push(residentMegabytes(server.pid)), 5000);
    const load = [
      '--licenses',
      file,
      '--rate',
      '300',
      '--url',
      server.url,
      '--seconds',
      `${seconds}`,
    ];
    const { code, output } = await run([...simulate, ...load]);
    clearInterval(watch);
    assert.is(code, 0, output);
    const [summary = ''] = /^In .*$/m.exec(output) ?? [];
    assert.match(summary, /refused 0/);

    const [broken] = await database.db.execute<{ count: number }>(sql`
      select count(*)::int as count from (
        select before, lag(after) over (partition by instance, category, field order by at, id) as previous
        from instance_events) chain
      where before is distinct from previous and previous is not null`);
    assert.is(broken!.count, 0, 'every event begins where the one before it ended');
    const middle = memory.slice(memory.length / 2, memory.length / 2 + 6);
    const end = memory.slice(-6);
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    console.log(`note: ${summary}`);
    console.log(
      `note: server memory ${mean(middle).toFixed(0)} MB halfway, ${mean(end).toFixed(0)} MB at the end`,
    );
    assert.ok(
      mean(end) < mean(middle) * 1.25 + 20,
      `memory grew: ${memory.map(Math.round).join(' ')}`,
    );
    assert.is(server.output(), '');
  } finally {
    await server.stop();
    await database.close();
    rmSync(folder, { recursive: true });
  }
});

test.run();
