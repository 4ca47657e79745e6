import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase } from '#db/client.ts';
import { emptyDatabase, freshDatabase } from '../support/database.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('several processes may migrate an empty database at once', async () => {
  const { url, drop } = await emptyDatabase();
  const config = { databaseUrl: url, dataDir: '' };
  const opened = await Promise.all([1, 2, 3].map(() => openDatabase(config, { max: 1 })));
  const [row] = await opened[0]!.db.execute<{ applied: number }>(
    sql`select count(*)::int as applied from drizzle.__drizzle_migrations`,
  );
  const files = readdirSync(join(root, 'db/migrations')).filter((name) => name.endsWith('.sql'));
  assert.is(row?.applied, files.length);
  await Promise.all(opened.map((database) => database.close()));
  await drop();
});

test('instances leave room on their pages for heap-only updates', async () => {
  const { db, close } = await freshDatabase();
  const [row] = await db.execute<{ options: string[] }>(
    sql`select reloptions as options from pg_class where relname = 'instances'`,
  );
  assert.ok(row?.options.includes('fillfactor=60'));
  await close();
});

test('the migrations say all that the schema says', () => {
  // drizzle-kit takes its output folder relative to the project only.
  const copy = mkdtempSync(join(root, 'node_modules', '.migrations-'));
  try {
    cpSync(join(root, 'db/migrations'), copy, { recursive: true });
    const before = readdirSync(copy).length;
    const kit = join(root, 'node_modules/drizzle-kit/bin.cjs');
    const out = join('node_modules', copy.slice(copy.lastIndexOf('.migrations-')));
    const options = [
      '--dialect=postgresql',
      '--schema=./db/schema.ts',
      '--casing=snake_case',
      `--out=${out}`,
    ];
    execFileSync(process.execPath, [kit, 'generate', ...options], { cwd: root, stdio: 'pipe' });
    assert.is(readdirSync(copy).length, before, 'db/schema.ts has changed: npm run generate');
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test.run();
