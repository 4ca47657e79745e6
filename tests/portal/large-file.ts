import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { strict as assert } from 'node:assert';
import { releaseFiles } from '#db/schema.ts';
import { freshDatabase } from '../support/database.ts';
import { importFleet } from '../support/fleet.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { tokenOf } from '../support/session.ts';
import { addressOf } from './house.ts';
import { downloadsOf, logIn, portalOf, setPassword } from './visit.ts';

const megabyte = 1024 ** 2;
/** Bytes by which the server's memory may grow, whatever it hands out: far less than any of these files. */
const allowance = 96 * megabyte;

/**
 * Downloads a file of `size` bytes through a portal, breaks off in the middle, goes on with a range, and fails unless
 * what came is the file and the server's memory stayed flat.
 */
export async function downloadInTwo(size: number): Promise<void> {
  const fresh = await freshDatabase();
  await importFleet(fresh.db);
  const server = await startServer({ databaseUrl: fresh.open.url });
  try {
    const ask = (path: string, init?: RequestInit) => fetch(server.url + path, init);
    const file = await layFile(server, fresh.db, size);
    const portal = await portalOf(fresh.db, 'geeglo');
    await setPassword(ask, await tokenOf(fresh.db, 'write'), 'geeglo');
    const cookie = await logIn(ask, portal);
    const url = server.url + addressOf(portal, file);

    const before = await memoryOf(server.pid);
    let most = before;
    const watch = setInterval(() => {
      void memoryOf(server.pid).then((now) => (most = Math.max(most, now)));
    }, 50);
    const hash = createHash('sha256');
    const got = await take(url, { cookie }, hash, size / 2);
    assert.ok(got >= size / 2 && got < size, `${got} of ${size}`);
    assert.equal((await downloadsOf(fresh.db, 'geeglo'))[0]?.completed, false);
    const range = { cookie, range: `bytes=${got}-`, 'if-range': `"${file.sha256}"` };
    const rest = await take(url, range, hash, Infinity);
    clearInterval(watch);

    assert.equal(got + rest, size);
    assert.equal(hash.digest('hex'), file.sha256);
    const grown = Math.round((most - before) / megabyte);
    console.log(
      `note: ${size / megabyte} MB in two parts: the server's memory grew by ${grown} MB`,
    );
    assert.ok(most - before < allowance, `${grown} MB`);
    await untilComplete(fresh.db);
  } finally {
    await server.stop();
    await fresh.close();
  }
}

/** A sparse file with something at its beginning, middle and end, put where finished uploads lie. */
async function layFile(
  { dataDir }: TestServer,
  db: Parameters<typeof portalOf>[0],
  size: number,
): Promise<{ id: number; name: string; sha256: string }> {
  const storedAs = randomUUID();
  const path = join(dataDir, 'files', storedAs);
  const handle = await open(path, 'w');
  await handle.truncate(size);
  for (const at of [0, size / 2 - 3, size - 6]) await handle.write('rollcall'.slice(0, 6), at);
  await handle.close();
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: megabyte }))
    hash.update(chunk as Buffer);
  const sha256 = hash.digest('hex');
  const of = { appSlug: 'acme', releaseSequence: 13, name: 'large.airgap' };
  const stored = { ...of, kind: 'airgap' as const, size, sha256, storedAs };
  const [row] = await db.insert(releaseFiles).values(stored).returning({ id: releaseFiles.id });
  return { id: row!.id, name: of.name, sha256 };
}

/** Reads an answer into the hash, and breaks off once `enough` bytes are there. @returns how many were taken */
function take(
  url: string,
  headers: Record<string, string>,
  hash: ReturnType<typeof createHash>,
  enough: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = get(url, { headers }, (answer: IncomingMessage) => {
      let taken = 0;
      answer.on('data', (chunk: Buffer) => {
        if (taken >= enough) return;
        hash.update(chunk);
        taken += chunk.length;
        if (taken < enough) return;
        resolve(taken);
        asking.destroy();
      });
      answer.on('end', () => resolve(taken));
      answer.on('error', () => resolve(taken));
    });
    asking.on('error', reject);
  });
}

/** Bytes of memory that a process holds. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

async function untilComplete(db: Parameters<typeof portalOf>[0]): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const all = await downloadsOf(db, 'geeglo');
    assert.equal(all.length, 1, 'one download, though it broke off');
    if (all[0]?.completed) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('the download was never complete');
}
