import { spawn } from 'node:child_process';
import { chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase, type OpenDatabase } from '#db/client.ts';
import { killPostgres, postmasterPid } from '../support/postgres.ts';
import { holdDatabase, inDataDir } from './support.ts';

const open = (dataDir: string) => openDatabase({ databaseUrl: null, dataDir }, { max: 2 });
const note = (name: string) => sql`insert into apps (slug, name) values (${name}, ${name})`;
const count = async ({ db }: OpenDatabase) => {
  const [row] = await db.execute<{ count: number }>(sql`select count(*)::int as count from apps`);
  return row?.count;
};

test('a server that outlived its process is adopted', () =>
  inDataDir(async (dataDir) => {
    const holder = await holdDatabase(dataDir);
    const pid = postmasterPid(dataDir);
    await holder.kill('SIGKILL');
    const database = await open(dataDir);
    assert.is(postmasterPid(dataDir), pid);
    assert.is(Number(new URL(database.url).port), holder.port);
    await database.close();
    assert.is(postmasterPid(dataDir), null);
  }));

test('a killed server comes back for those who use it, with all that was committed', () =>
  inDataDir(async (dataDir) => {
    const database = await open(dataDir);
    const heard: string[] = [];
    let returns = 0;
    await database.listen(
      'house',
      (payload) => void heard.push(payload),
      () => (returns += 1),
    );
    await database.db.execute(note('before'));
    killPostgres(dataDir);
    await until(async () => (await count(database)) === 1);
    await until(async () => {
      await database.notify('house', 'again');
      return heard.includes('again');
    });
    assert.ok(returns > 0, 'whoever listens is told that it may have missed something');
    await database.close();
    assert.is(postmasterPid(dataDir), null);
  }));

test('after process and server are both killed, the next start has all that was committed', () =>
  inDataDir(async (dataDir) => {
    const holder = await holdDatabase(dataDir);
    const database = await open(dataDir);
    await database.db.execute(note('one'));
    await database.close();
    await holder.kill('SIGKILL');
    killPostgres(dataDir);
    const again = await open(dataDir);
    assert.is(await count(again), 1);
    await again.close();
  }));

test('a pid file left by a crash is no obstacle, even when another program has that number now', () =>
  inDataDir(async (dataDir) => {
    await (await open(dataDir)).close();
    const data = join(dataDir, 'postgres', 'data');
    const { uid, gid } = statSync(data);
    const foreign = spawn('sleep', ['60'], { stdio: 'ignore', uid, gid });
    const file = join(data, 'postmaster.pid');
    writeFileSync(file, `${foreign.pid}\n${data}\n1700000000\n5999\n\n127.0.0.1\n`, {
      mode: 0o600,
    });
    chownSync(file, uid, gid);
    await (await open(dataDir)).close();
    assert.is(foreign.exitCode ?? foreign.signalCode, null, 'the other program is left alone');
    foreign.kill();
  }));

/** Tries until it holds; a database that is just coming back refuses connections. */
async function until(holds: () => Promise<boolean>) {
  for (
    const deadline = Date.now() + 20_000;
    !(await holds().catch(() => false));
    await sleep(100)
  ) {
    if (Date.now() > deadline) throw new Error('It did not come back within 20 s.');
  }
}

test.run();
