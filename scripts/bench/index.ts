// npm run bench: measures a server of its own over 10,000 instances, prints a table and writes bench-results.json.
// Arguments narrow it to the steps they name: npm run bench -- throughput storm
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { measureCustomers } from './customers.ts';
import { type Figure, formatTable, isMet } from './figures.ts';
import { measureFleetPage } from './fleet-page.ts';
import { measureInstance } from './instance.ts';
import { measureLive } from './live.ts';
import { measureMemory } from './memory.ts';
import { measureOverload } from './overload.ts';
import { measurePainted } from './painted.ts';
import { memoryOf } from './processes.ts';
import { setStage, type Stage } from './stage.ts';
import { measureSteadyRate } from './steady.ts';
import { measureStorm } from './storm.ts';
import { measureThroughput } from './throughput.ts';

/** In this order: what overload leaves behind must not weigh on the others, and memory is read after all of them. */
const steps: Record<string, (stage: Stage) => Promise<Figure[]>> = {
  fleet: measureFleetPage,
  live: measureLive,
  painted: measurePainted,
  steady: measureSteadyRate,
  throughput: measureThroughput,
  storm: measureStorm,
  overload: measureOverload,
  memory: measureMemory,
};
/** Measured each on a server of its own, before the others. */
const ownSteps: Record<
  string,
  { on: string; measure: (tell: (line: string) => void) => Promise<Figure[]> }
> = {
  customers: { on: 'a server with 2,000 of them', measure: measureCustomers },
  instance: { on: 'a server with one of 100,000 events', measure: measureInstance },
};
const resultsFile = 'bench-results.json';

interface Result {
  step: string;
  figures: Figure[];
  /** Set: the step could not be measured. */
  error?: string;
  /** Of the last minute before: how busy the machine was by itself. */
  load: number;
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const names = [...Object.keys(ownSteps), ...Object.keys(steps)];
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown) {
    throw new UsageError(`There is no step "${unknown}"; steps: ${names.join(', ')}.`);
  }
  const begun = performance.now();
  const tell = (line: string) => console.log(`${seconds(begun).padStart(6)}  ${line}`);
  const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
  const results: Result[] = [];
  for (const [name, { on, measure }] of Object.entries(ownSteps)) {
    if (!isWanted(name)) continue;
    tell(`${name}, on ${on} …`);
    results.push(await runStep(name, () => measure(tell)));
  }
  if (Object.keys(steps).some(isWanted)) results.push(...(await runSteps(isWanted, tell)));
  console.log(`\n${formatTable(results.flatMap(({ figures }) => figures))}\n`);
  for (const { step, error } of results) if (error) console.log(`${step} failed: ${error}`);
  writeResults(results);
  tell(`written to ${resultsFile}`);
  if (results.some(({ error }) => error)) process.exitCode = 1;
}

async function runSteps(
  isWanted: (name: string) => boolean,
  tell: (line: string) => void,
): Promise<Result[]> {
  tell('a server, 10,000 instances, 14 days of history …');
  const stage = await setStage(tell);
  const results: Result[] = [];
  try {
    for (const [name, measure] of Object.entries(steps)) {
      if (!isWanted(name)) continue;
      tell(`${name} …`);
      results.push(await runStep(name, () => measure(stage)));
      tell(`  the server holds ${Math.round(memoryOf(stage.pid).now)} MB`);
    }
  } finally {
    await stage.stop();
  }
  return results;
}

class UsageError extends Error {}

async function runStep(step: string, measure: () => Promise<Figure[]>): Promise<Result> {
  const load = loadavg()[0] ?? 0;
  try {
    return { step, load, figures: await measure() };
  } catch (error) {
    return { step, load, figures: [], error: String(error) };
  }
}

function writeResults(results: Result[]): void {
  const machine = { processors: cpus().length, model: cpus()[0]?.model, node: process.version };
  const steps = results.map(({ figures, ...result }) => ({
    ...result,
    figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })),
  }));
  const document = { at: new Date().toISOString(), machine, steps };
  writeFileSync(resultsFile, `${JSON.stringify(document, null, 2)}\n`);
}

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = 1;
});
