import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase } from '#db/client.ts';
import { connect } from '#db/connect.ts';
import { findDanger } from '#db/safety.ts';
import { emptyDatabase } from '../support/database.ts';
import { freePort } from '../support/port.ts';
import { postmasterPid } from '../support/postgres.ts';
import { refusal } from './support.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-refusals-'));
const open = () => openDatabase({ databaseUrl: null, dataDir }, { max: 1 });

test.before(async () => (await open()).close());
test.after(() => rmSync(dataDir, { recursive: true }));

/** What a start is refused with while the file of the data folder reads otherwise. */
async function refusedWith(name: string, edit: (content: string) => string): Promise<Error> {
  const file = join(dataDir, 'postgres', 'data', name);
  const original = readFileSync(file, 'utf8');
  writeFileSync(file, edit(original));
  try {
    return await refusal(open());
  } finally {
    writeFileSync(file, original);
    assert.is(postmasterPid(dataDir), null, 'nothing stays running');
  }
}

test('a folder of another major version stops the start with what to do', async () => {
  const { name, message } = await refusedWith('PG_VERSION', () => '17\n');
  assert.is(name, 'DatabaseError');
  assert.match(message, /holds a PostgreSQL 17 database.*brings PostgreSQL 18.*pg_dump/);
});

for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
  test(`a database that runs with ${setting} off is refused`, async () => {
    const { message } = await refusedWith('postgresql.conf', (it) => `${it}\n${setting} = off\n`);
    assert.match(message, new RegExp(`with ${setting} = off .*turn ${setting} on`));
  });
}

test('a server that cannot start says why in one sentence', async () => {
  const { message } = await refusedWith('postgresql.conf', (it) => `${it}\nshared_buffers = x\n`);
  assert.match(message, /^PostgreSQL does not start on .*contains errors.*server\.log\)\.$/);
});

test('a data folder that is not whole says what is missing', async () => {
  const password = join(dataDir, 'postgres', 'password');
  const secret = readFileSync(password, 'utf8');
  rmSync(password);
  assert.match((await refusal(open())).message, /not a whole database.*password is missing/);
  writeFileSync(password, secret);
});

test('a PostgreSQL that is too old is refused, and 15 is not', () => {
  const safe = { fsync: 'on', synchronousCommit: 'on', fullPageWrites: 'on' };
  assert.match(findDanger({ version: 140_012, ...safe }) ?? '', /PostgreSQL 14.*needs 15 or later/);
  assert.is(findDanger({ version: 150_000, ...safe }), null);
});

test('a DATABASE_URL whose sessions do not wait for the disk is refused', async () => {
  const { url, drop } = await emptyDatabase();
  const sql = connect(url, 'rollcall tests');
  await sql.unsafe(`alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`);
  await sql.end();
  const refused = await refusal(openDatabase({ databaseUrl: url, dataDir: '' }));
  assert.match(refused.message, /synchronous_commit = off/);
  await drop();
});

test('a DATABASE_URL where nobody listens is named, without its password', async () => {
  const port = await freePort();
  const databaseUrl = `postgres://me:secret@127.0.0.1:${port}/fleet`;
  const { message } = await refusal(openDatabase({ databaseUrl, dataDir: '' }));
  assert.match(
    message,
    new RegExp(`fleet at 127\\.0\\.0\\.1:${port} .*ECONNREFUSED.*DATABASE_URL`),
  );
  assert.not.match(message, /secret/);
});

test.run();
