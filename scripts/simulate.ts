// A simulated fleet against a Rollcall anywhere: for load, and for trying out a deployment.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createFleet } from './simulation/fleet.ts';
import { startLife } from './simulation/live.ts';
import { createRandom } from './simulation/random.ts';
import { UsageError, readFleet, writeFleet } from './simulation/read-fleet.ts';
import { createOpening, turnTo } from './simulation/said.ts';
import { createTally, describeTotals } from './simulation/tally.ts';
import { createWire } from './simulation/wire.ts';

const usage = `npm run simulate -- --write-fleet fleet.yaml [--instances N]
npm run simulate -- --licenses fleet.yaml --instances N --rate R --url U [--seconds S] [--seed S]

  --licenses     an import document: its license ids are reported under
  --write-fleet  writes such a document of invented customers, to be imported first, and ends
  --instances    how many instances live (60)
  --rate         check-ins a second, of all together (instances / 30)
  --url          where Rollcall listens (http://127.0.0.1:3000)
  --seconds      ends after so many seconds (never)
  --seed         another seed, another fleet (demo)`;

const reportEvery = 5000;

interface Options {
  instances: number;
  rate: number;
  url: URL;
  seconds: number | null;
  seed: string;
  licenses: string | null;
  writeTo: string | null;
}

function readOptions(args: string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      instances: text,
      rate: text,
      url: text,
      seconds: text,
      seed: text,
      licenses: text,
      'write-fleet': text,
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const number = (
    name: 'instances' | 'rate' | 'seconds',
    least: number,
    most: number,
  ): number | null => {
    const value = values[name];
    if (value === undefined) return null;
    if (value.trim() !== '' && Number(value) >= least && Number(value) <= most)
      return Number(value);
    throw new UsageError(`--${name} must be a number from ${least} to ${most}, not "${value}".`);
  };
  const instances = Math.floor(number('instances', 1, 100_000) ?? 60);
  const rate = number('rate', 0.01, 100_000) ?? instances / 30;
  if (rate > instances) {
    throw new UsageError(
      `--rate ${rate} needs at least ${Math.ceil(rate)} --instances: each reports once a second at most.`,
    );
  }
  const url = values.url ?? 'http://127.0.0.1:3000';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`--url must be an http(s) address, not "${url}".`);
  }
  const [licenses, writeTo] = [values.licenses ?? null, values['write-fleet'] ?? null];
  if ((licenses === null) === (writeTo === null)) {
    throw new UsageError(
      'Say either --licenses <fleet.yaml>, whose license ids it reports under, or --write-fleet <fleet.yaml> to have one made.',
    );
  }
  const seconds = number('seconds', 1, 31_536_000);
  return {
    instances,
    rate,
    url: new URL(url),
    seconds,
    seed: values.seed ?? 'demo',
    licenses,
    writeTo,
  };
}

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

async function simulate(options: Options, file: string, now: number): Promise<void> {
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
