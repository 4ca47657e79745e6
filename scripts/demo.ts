// A demo vendor in a folder of its own: the server, a fleet with ninety days behind it, and its life from now on.
import type { ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig, readEnvironment } from '#server/config.ts';
import {
  chooseFreePort,
  endProgram,
  type Environment,
  runProgram,
  runToEnd,
  untilHealthy,
} from './simulation/child.ts';
import { createFleet, createNewcomers } from './simulation/fleet.ts';
import { type History, writeHistory } from './simulation/history.ts';
import { type Life, startLife } from './simulation/live.ts';
import { type DemoMemory, recallDemo, rememberDemo } from './simulation/memory.ts';
import type { Fleet, InstanceScript } from './simulation/model.ts';
import { createRandom } from './simulation/random.ts';
import { UsageError, writeFleet } from './simulation/read-fleet.ts';
import { createOpening, turnTo } from './simulation/said.ts';
import { sendHistories } from './simulation/send-history.ts';
import { createWire, type Wire } from './simulation/wire.ts';

/** Installations that come up while the demo runs, over its folder's whole life. */
const mostNewcomers = 8;
const inFlight = 8;
/** Each instance speaks about every half minute; at the beginning all do within a few seconds. */
const rhythm = 30;
const openingRate = 15;

interface Place {
  folder: string;
  url: string;
  env: Environment;
}

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
  if (port !== wanted) console.log(`Port ${wanted} is in use; the demo takes ${port} instead.`);
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

async function importFleet(place: Place, fleet: Fleet, options: { open: boolean }): Promise<void> {
  const file = join(place.folder, 'fleet.json');
  writeFleet(file, fleet, options);
  await runToEnd(['scripts/import.ts', file], place.env);
}

/** Brings the folder to where its life can go on; a fresh one gets its ninety days first. */
async function prepare(
  place: Place,
  wire: Wire,
): Promise<{ fleet: Fleet; histories: History[]; memory: DemoMemory }> {
  const fresh = { seed: 'demo', startedAt: Date.now(), told: false, arrived: 0 };
  const memory = recallDemo(place.folder) ?? fresh;
  rememberDemo(place.folder, memory);
  const fleet = createFleet({ seed: memory.seed, now: memory.startedAt });
  const random = createRandom(`${memory.seed} history`);
  const histories = fleet.instances.map((script) =>
    writeHistory(script, fleet.now, random.fork(script.instanceId)),
  );
  if (!memory.told) {
    await importFleet(place, fleet, { open: true });
    const tellings = fleet.instances.map((script, index) => ({
      script,
      reports: histories[index]?.reports ?? [],
    }));
    const count = tellings.reduce((sum, { reports }) => sum + reports.length, 0);
    const begun = performance.now();
    console.log(`Sending ninety days of ${tellings.length} instances (${count} reports) …`);
    await sendHistories(tellings, wire);
    console.log(`… done in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
    memory.told = true;
    rememberDemo(place.folder, memory);
  }
  await importFleet(place, fleet, { open: false });
  return { fleet, histories, memory };
}

async function live(place: Place, wire: Wire): Promise<{ life: Life; count: number }> {
  const { fleet, histories, memory } = await prepare(place, wire);
  const random = createRandom(`${memory.seed} live ${Date.now()}`);
  const newcomers = createNewcomers(fleet, mostNewcomers);
  const settled = (script: InstanceScript) => ({
    script,
    said: { ...createOpening(script, Date.now(), Date.now(), random), ...turnTo('ready', random) },
  });
  const members = [
    ...fleet.instances.flatMap((script, index) => {
      const history = histories[index];
      return script.voice === 'airgap' || !history ? [] : [{ script, said: history.said }];
    }),
    ...newcomers.slice(0, memory.arrived).map(settled),
  ];
  const life = startLife({
    members,
    newcomers: newcomers.slice(memory.arrived),
    wire,
    random,
    rate: members.length / rhythm,
    openingRate,
    arrived: () => {
      memory.arrived += 1;
      rememberDemo(place.folder, memory);
    },
  });
  return { life, count: fleet.instances.length + memory.arrived };
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
  console.log('Starting the server …');
  const server = runProgram(['server/index.ts'], place.env);
  const wire = createWire(new URL(place.url), { inFlight });
  const ended = untilStopped(server, stop.signal);
  let life: Life | null = null;
  try {
    await Promise.race([untilHealthy(server, place.url), ended]);
    const begun = await Promise.race([live(place, wire), ended]);
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
