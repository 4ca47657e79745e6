import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase } from '#db/client.ts';
import { connect } from '#db/connect.ts';
import { postmasterPid } from '../support/postgres.ts';
import { holdDatabase, inDataDir, refusal } from './support.ts';

const open = (dataDir: string) => openDatabase({ databaseUrl: null, dataDir }, { max: 2 });

test('a new data folder holds a safe server that only its password opens', () =>
  inDataDir(async (dataDir) => {
    const database = await open(dataDir);
    const [row] = await database.db.execute(sql`select current_setting('fsync') as fsync,
      current_setting('TimeZone') as zone, current_setting('listen_addresses') as hosts,
      current_setting('data_checksums') as checksums`);
    assert.equal(row, { fsync: 'on', zone: 'UTC', hosts: '127.0.0.1', checksums: 'on' });
    assert.is(statSync(join(dataDir, 'postgres', 'password')).mode & 0o777, 0o600);
    const stranger = connect(
      Object.assign(new URL(database.url), { password: 'guess' }).toString(),
      'x',
    );
    assert.match((await refusal(stranger`select 1`)).message, /password authentication failed/);
    await stranger.end();
    await database.close();
    assert.is(postmasterPid(dataDir), null, 'PostgreSQL ends with the process');
  }));

test('three processes that start at once share one server, and the last to go stops it', () =>
  inDataDir(async (dataDir) => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => holdDatabase(dataDir)));
    assert.ok(first && second && third);
    assert.equal([second.port, third.port], [first.port, first.port]);
    await first.kill('SIGTERM');
    await second.kill('SIGTERM');
    assert.is.not(postmasterPid(dataDir), null);
    await third.kill('SIGTERM');
    assert.is(postmasterPid(dataDir), null);
  }));

test('a folder of another major version stops the start with what to do', () =>
  inDataDir(async (dataDir) => {
    await (await open(dataDir)).close();
    writeFileSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'), '17\n');
    const { name, message } = await refusal(open(dataDir));
    assert.is(name, 'DatabaseError');
    assert.match(message, /holds a PostgreSQL 17 database.*brings PostgreSQL 18.*pg_dump/);
  }));

test('a database that may lose what it confirmed is refused', () =>
  inDataDir(async (dataDir) => {
    await (await open(dataDir)).close();
    const file = join(dataDir, 'postgres', 'data', 'postgresql.conf');
    const original = readFileSync(file, 'utf8');
    for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
      writeFileSync(file, `${original}\n${setting} = off\n`);
      assert.match(
        (await refusal(open(dataDir))).message,
        new RegExp(`with ${setting} = off .*turn ${setting} on`),
      );
      assert.is(postmasterPid(dataDir), null, 'it does not stay running');
    }
  }));

test('a server that cannot start says why in one sentence', () =>
  inDataDir(async (dataDir) => {
    await (await open(dataDir)).close();
    const file = join(dataDir, 'postgres', 'data', 'postgresql.conf');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nshared_buffers = banana\n`);
    assert.match(
      (await refusal(open(dataDir))).message,
      /^PostgreSQL does not start on .*configuration file .* contains errors.*server\.log\)\.$/,
    );
  }));

test.run();
