import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Db, type OpenDatabase } from '#db/client.ts';
import { connect } from '#db/connect.ts';
import { startEmbedded, type EmbeddedServer } from '#db/embedded.ts';
import { migrateDatabase } from '#db/migrate.ts';
import { killPostgres } from './postgres.ts';

export interface FreshDatabase {
  db: Db;
  open: OpenDatabase;
  /** Closes the client and drops the database; the last one of a process ends the server, if that is the process's own. */
  close(): Promise<void>;
}

interface SharedServer {
  /** An address at which databases may be created. */
  url: string;
  close(): Promise<void>;
}

const templateName = 'rollcall_template';
let server: Promise<SharedServer> | null = null;
let users = 0;

/** An address of a database that was just created, with nothing in it, not even the schema; and how to drop it. */
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  return createDatabase('template0');
}

/** A migrated, empty database of one's own, in the server of the test run (or, without a run, of this process). */
export async function freshDatabase(options: { max?: number } = {}): Promise<FreshDatabase> {
  const { url, drop } = await createDatabase(templateName);
  const open = await openDatabase({ databaseUrl: url, dataDir: '' }, options);
  return {
    db: open.db,
    open,
    close: async () => {
      await open.close();
      await drop();
    },
  };
}

async function createDatabase(template: string) {
  users += 1;
  server ??= openServer();
  const { url } = await server;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(url, `create database ${name} template ${template}`);
  return {
    url: at(url, name),
    drop: async () => {
      await administer(url, `drop database if exists ${name} with (force)`);
      users -= 1;
      if (users === 0) await closeServer();
    },
  };
}

/** One PostgreSQL for a whole test run: its address goes to the test files as ROLLCALL_TEST_DATABASE_URL. */
export async function startTestServer(): Promise<SharedServer> {
  const folder = await mkdtemp(join(await fastFolder(), 'rollcall-tests-'));
  const embedded: EmbeddedServer = await startEmbedded(folder);
  await makeTemplate(embedded.url);
  // A test that fails may never close what it opened.
  const clear = () => {
    killPostgres(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', clear);
  return {
    url: embedded.url,
    close: async () => {
      process.off('exit', clear);
      await embedded.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Test databases come and go by the hundred, and what they hold need not outlive the machine: memory is disk enough,
 * where there is plenty. Whatever is about crashes and durability uses a server and a folder of its own on the disk.
 */
async function fastFolder(): Promise<string> {
  const memory = '/dev/shm';
  const found = await statfs(memory).catch(() => null);
  return found && found.bavail * found.bsize > 4 * 1024 ** 3 ? memory : tmpdir();
}

/** Lays the migrated database that all others are copied from. Whoever runs the tests on a server of their own calls it too. */
export async function makeTemplate(url: string): Promise<void> {
  await administer(url, `drop database if exists ${templateName} with (force)`);
  await administer(url, `create database ${templateName}`);
  await migrateDatabase(at(url, templateName));
}

function openServer(): Promise<SharedServer> {
  const url = process.env.ROLLCALL_TEST_DATABASE_URL;
  return url ? Promise.resolve({ url, close: () => Promise.resolve() }) : startTestServer();
}

async function closeServer() {
  const closing = server;
  server = null;
  await (await closing)?.close();
}

function at(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).toString();
}

async function administer(url: string, statement: string) {
  const sql = connect(url, 'rollcall tests');
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
