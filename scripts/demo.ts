// A demo vendor in a folder of its own: the server, a fleet with ninety days behind it, and its life from now on.
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig, readEnvironment } from '#server/config.ts';
import { chooseFreePort, endProgram, runProgram, untilHealthy } from './simulation/child.ts';
import { bringToLife, type Place } from './simulation/demo-fleet.ts';
import type { Life } from './simulation/live.ts';
import { forgetDemo } from './simulation/memory.ts';
import { UsageError } from './simulation/read-fleet.ts';
import { createWire } from './simulation/wire.ts';

const inFlight = 8;

function readSeconds(args: string[]): number | null {
  const { values } = parseArgs({ args, options: { seconds: { type: 'string' } } });
  if (values.seconds === undefined) return null;
  const seconds = Number(values.seconds);
  if (seconds > 0 && seconds < 1e6) return seconds;
  throw new UsageError(`--seconds must be a number above 0, not "${values.seconds}".`);
}

/** The demo's own folder and database, whatever database the settings name for real work. */
async function choosePlace(): Promise<Place> {
  const given = readEnvironment();
  const folder = resolve(given.DEMO_DATA_DIR?.trim() || 'demo-data');
  const own = { ...given, DATA_DIR: folder, DATABASE_URL: '', REDIS_URL: '', DEMO: 'true' };
  const { host, port: wanted } = readConfig(own);
  const port = await chooseFreePort(host, wanted);
  if (port !== wanted && wanted !== 0)
    console.log(`Port ${wanted} is in use; the demo takes ${port} instead.`);
  // Another port than the address names would make that address wrong.
  const publicUrl = port === wanted ? given.PUBLIC_URL : '';
  const env = {
    ...own,
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    LOG_LEVEL: given.LOG_LEVEL || 'warn',
  };
  return { folder, env, url: readConfig({ ...env, PUBLIC_URL: '' }).publicUrl };
}

function announce(place: Place, count: number): void {
  console.log(`
  Rollcall's demo runs at ${place.url}

  You see an invented vendor's fleet: ${count} instances at 21 customers, checking in every half minute.
  Every few seconds something happens somewhere: a service degrades and recovers, a release is rolled out,
  a node is lost, an instance falls silent, a new one comes up. No reload is needed.
  Its data is in ${place.folder}; delete the folder to begin anew.

  Ctrl-C stops it.
`);
}

function untilStopped(server: ChildProcess, stop: AbortSignal): Promise<'asked' | 'died'> {
  return new Promise((settle) => {
    server.once('exit', () => settle('died'));
    if (stop.aborted) settle('asked');
    stop.addEventListener('abort', () => settle('asked'));
  });
}

async function main(): Promise<void> {
  const seconds = readSeconds(process.argv.slice(2));
  const place = await choosePlace();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop.abort());
  }
  // What is remembered of a database that is gone would leave the new one without a past.
  if (!existsSync(join(place.folder, 'postgres'))) forgetDemo(place.folder);
  console.log('Starting the server …');
  const server = runProgram(['server/index.ts'], place.env);
  const wire = createWire(new URL(place.url), { inFlight });
  const ended = untilStopped(server, stop.signal);
  let life: Life | null = null;
  try {
    const healthy = await Promise.race([untilHealthy(server, place.url), ended]);
    if (healthy === 'healthy') console.log(`The page is up at ${place.url}, the fleet follows.`);
    const begun = healthy === 'healthy' && (await Promise.race([bringToLife(place, wire), ended]));
    if (typeof begun === 'object') {
      life = begun.life;
      announce(place, begun.count);
      if (seconds !== null) setTimeout(() => stop.abort(), seconds * 1000).unref();
    }
    if ((await ended) === 'died') throw new Error('The server ended.');
  } finally {
    life?.stop();
    for (let waited = 0; wire.waiting() > 0 && waited < 3000; waited += 50) await sleep(50);
    await endProgram(server);
    wire.close();
  }
}

await main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    const usage = error instanceof UsageError || error instanceof ConfigError;
    process.exit(usage ? 2 : 1);
  },
);
