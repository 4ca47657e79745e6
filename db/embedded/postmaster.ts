import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Sql } from '../connect.ts';
import { DatabaseError } from '../errors.ts';
import { runBinary } from './binaries.ts';
import { superuser, type Place } from './folder.ts';

const patience = 60_000;
const worthAnotherTry =
  /lock file|shared memory block|Address already in use|could not create any TCP\/IP sockets/;

export function serverUrl(place: Place, port: number, database = 'postgres'): string {
  return `postgres://${superuser}:${place.password}@127.0.0.1:${port}/${database}`;
}

/**
 * The port of the server on this data folder: of the one that runs already, else of a new one (on `wanted`, if given).
 * The caller holds the lock. Nothing that a crash leaves behind is an obstacle.
 */
export async function ensureRunning(place: Place, wanted: number | null): Promise<number> {
  const deadline = Date.now() + patience;
  for (;;) {
    const running = readPidFile(place);
    if (running?.port && (await answers(place, running.port))) return running.port;
    let failure = `process ${running?.pid} holds it but does not answer`;
    if (!running || !isPostmaster(running.pid, place)) {
      removeStalePidFile(place);
      const port = wanted ?? (await choosePort(place));
      const outcome = await start(place, port);
      if (outcome === null) return port;
      failure = outcome;
      if (!worthAnotherTry.test(failure)) throw unable(place, failure);
    }
    if (Date.now() > deadline) throw unable(place, failure);
    await sleep(150);
  }
}

function unable(place: Place, reason: string) {
  return new DatabaseError(
    `PostgreSQL does not start on ${place.data}: ${reason} (more in ${place.log}).`,
  );
}

/** Ends the server, letting nobody finish more than the statement at hand. */
export async function stopServer(place: Place): Promise<void> {
  await runBinary(
    place.binaries.pgCtl,
    ['stop', '-m', 'fast', '-w', '-t', '60', '-D', place.data],
    place.account,
  );
}

/** What the postmaster wrote about itself: pid in line 1, port in line 4 (not there in its first moments). */
export function readPidFile(
  place: Pick<Place, 'data'>,
): { pid: number; port: number | null } | null {
  const file = join(place.data, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]) || null };
}

/** True if the server on that port is the one on this folder, and not another that took the port since. */
async function answers(place: Place, port: number): Promise<boolean> {
  const sql: Sql = connect(serverUrl(place, port), 'rollcall start', { connect_timeout: 5 });
  try {
    const [row] = await sql<
      { folder: string }[]
    >`select current_setting('data_directory') as folder`;
    return row?.folder === place.data;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The pid of a crashed server may belong to anyone by now, or to a dead process that nobody has buried. */
function isPostmaster(pid: number, place: Place): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (process.platform === 'win32') return true;
  const [program, ...args] = commandLine(pid);
  return (
    program !== undefined && basename(program).startsWith('postgres') && args.includes(place.data)
  );
}

function commandLine(pid: number): string[] {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean)
      : execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
          .trim()
          .split(' ');
  } catch {
    return [];
  }
}

function removeStalePidFile(place: Place) {
  rmSync(join(place.data, 'postmaster.pid'), { force: true });
}

/** Null when the server runs, else the reason that it gave. */
async function start(place: Place, port: number): Promise<string | null> {
  rotateLog(place);
  const before = existsSync(place.log) ? statSync(place.log).size : 0;
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`;
  const { code, output } = await runBinary(
    place.binaries.pgCtl,
    ['start', '-w', '-t', '600', '-D', place.data, '-l', place.log, '-o', options],
    place.account,
  );
  if (code === 0) return null;
  const said = existsSync(place.log) ? readFileSync(place.log).subarray(before).toString() : '';
  const fatal = said.split('\n').filter((line) => /(FATAL|PANIC): /.test(line));
  const reasons = /Address already in use/.test(said) ? ['Address already in use'] : fatal;
  return (
    reasons.map((line) => line.replace(/^.*(FATAL|PANIC): +/, '')).at(-1) ??
    (output.trim() || `pg_ctl ended with ${code}`)
  );
}

/** The log only ever holds troubles; it is kept short all the same. */
function rotateLog(place: Place) {
  const size = statSync(place.log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 5_000_000) renameSync(place.log, `${place.log}.old`);
}

/** The port of last time if it is still free, so that clients that outlived a crash find the server again. */
async function choosePort(place: Place): Promise<number> {
  const file = join(place.data, 'postmaster.opts');
  const last = existsSync(file) ? Number(/"-p" "(\d+)"/.exec(readFileSync(file, 'utf8'))?.[1]) : 0;
  return (last && (await freePort(last))) || (await freePort(0)) || 0;
}

function freePort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
