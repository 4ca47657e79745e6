// A simulated fleet against a Rollcall anywhere: for load, and for trying out a deployment.
import { setTimeout as sleep } from 'node:timers/promises';
import { createFleet } from './simulation/fleet.ts';
import { startLife } from './simulation/live.ts';
import { createRandom } from './simulation/random.ts';
import { UsageError, readFleet, writeFleet } from './simulation/read-fleet.ts';
import { createOpening, turnTo } from './simulation/said.ts';
import { readOptions, type SimulateOptions } from './simulation/simulate-options.ts';
import { createTally, describeTotals } from './simulation/tally.ts';
import { createWire } from './simulation/wire.ts';

const reportEvery = 5000;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const { instances, seed } = options;
  const now = Date.now();
  if (options.writeTo !== null) {
    writeFleet(options.writeTo, createFleet({ seed, now, instances }), { open: false });
    console.log(
      `Wrote ${options.writeTo}. Import it (npm run import -- ${options.writeTo}), then simulate with --licenses ${options.writeTo}.`,
    );
    return;
  }
  await simulate(options, options.licenses ?? '', now);
}

async function simulate(options: SimulateOptions, file: string, now: number): Promise<void> {
  const { instances, rate, url, seed } = options;
  const fleet = readFleet(file, { seed, now, instances });
  const random = createRandom(`${seed} live`);
  const tally = createTally();
  const inFlight = Math.min(256, Math.max(8, Math.ceil(rate / 8)));
  const wire = createWire(url, { inFlight, heard: tally.count });
  const members = fleet.instances
    .filter(({ voice }) => voice !== 'airgap')
    .map((script) => ({
      script,
      said: { ...createOpening(script, now, now, random), ...turnTo('ready', random) },
    }));
  console.log(
    `${members.length} instances report to ${url.origin}, ${rate.toFixed(1)} check-ins a second.`,
  );
  const life = startLife({ members, wire, random, rate });
  const report = setInterval(() => {
    const statuses = Object.entries(life.statuses()).map(([status, count]) => `${count} ${status}`);
    console.log(`${describeTotals(tally.recent())}; ${statuses.join(', ')}`);
  }, reportEvery);
  await untilStopped(options.seconds);
  clearInterval(report);
  life.stop();
  for (let waited = 0; wire.waiting() > 0 && waited < 10_000; waited += 50) await sleep(50);
  wire.close();
  const seconds = (Date.now() - now) / 1000;
  const total = tally.total();
  console.log(
    `In ${seconds.toFixed(1)} s: ${describeTotals(total)}; ${(total.accepted / seconds).toFixed(1)} accepted a second.`,
  );
  if (total.accepted === 0) process.exitCode = 1;
}

function untilStopped(seconds: number | null): Promise<void> {
  return new Promise((resolve) => {
    const timer = seconds === null ? null : setTimeout(resolve, seconds * 1000);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        if (timer) clearTimeout(timer);
        resolve();
      });
    }
  });
}

await main().catch((error: unknown) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!(error instanceof UsageError) && !code.startsWith('ERR_PARSE_ARGS')) throw error;
  const [sentence] = (error as Error).message.split('. ');
  console.error(sentence?.replace(/\.?$/, '.'));
  process.exitCode = 2;
});
