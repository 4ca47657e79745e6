import { join } from 'node:path';
import { type Environment, runToEnd } from './child.ts';
import { createClient } from './clients.ts';
import { createFleet, createNewcomers } from './fleet.ts';
import { type History, writeHistory } from './history.ts';
import { type Life, startLife } from './live.ts';
import { type DemoMemory, recallDemo, rememberDemo } from './memory.ts';
import type { Fleet, InstanceScript } from './model.ts';
import { createRandom } from './random.ts';
import { writeFleet } from './read-fleet.ts';
import { createOpening, turnTo } from './said.ts';
import { sendHistories } from './send-history.ts';
import type { Wire } from './wire.ts';

/** Where the demo runs. */
export interface Place {
  folder: string;
  url: string;
  /** For the server and for every other program of the demo. */
  env: Environment;
}

/** Installations that come up while the demo runs, over its folder's whole life. */
const mostNewcomers = 8;
/** Each instance speaks about every half minute; at the beginning all do within a few seconds. */
const rhythm = 30;
const openingRate = 15;

async function importFleet(place: Place, fleet: Fleet, options: { open: boolean }): Promise<void> {
  const file = join(place.folder, 'fleet.json');
  writeFleet(file, fleet, options);
  await runToEnd(['scripts/import.ts', file], place.env);
}

/** Imports the fleet as it is now, after its past if that is not told yet. */
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
    await tellThePast(fleet, histories, wire);
    memory.told = true;
    rememberDemo(place.folder, memory);
  }
  await importFleet(place, fleet, { open: false });
  return { fleet, histories, memory };
}

async function tellThePast(fleet: Fleet, histories: History[], wire: Wire): Promise<void> {
  const tellings = fleet.instances.flatMap((script, index) => {
    const history = histories[index];
    return history ? [{ script, history }] : [];
  });
  const count = tellings.reduce((sum, { history }) => sum + history.reports.length, 0);
  const begun = performance.now();
  console.log(`Sending ninety days of ${tellings.length} instances (${count} reports) …`);
  await sendHistories(tellings, wire);
  await speakOnce(fleet, histories, wire);
  console.log(`… done in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
}

/** Instances of customers whose licenses end now were live until now, and are refused from here on. */
async function speakOnce(fleet: Fleet, histories: History[], wire: Wire): Promise<void> {
  const ended = fleet.customers.filter(
    ({ archived, license }) => archived || (license.expiresAt ?? Infinity) <= fleet.now,
  );
  for (const [index, script] of fleet.instances.entries()) {
    const said = histories[index]?.said;
    if (said === undefined || !ended.some(({ id }) => id === script.customerId)) continue;
    await createClient(script, wire, script.nextWithin).report(said);
  }
}

/**
 * Brings the folder's fleet to life on a server that is up; a fresh folder gets its ninety days first.
 * @returns the life, and how many instances there are, air gap ones included
 */
export async function bringToLife(
  place: Place,
  wire: Wire,
): Promise<{ life: Life; count: number }> {
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
