import { statSync } from 'node:fs';
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

test.run();
