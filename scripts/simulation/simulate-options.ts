import { parseArgs } from 'node:util';
import { UsageError } from './read-fleet.ts';

const usage = `npm run simulate -- --write-fleet fleet.yaml [--instances N]
npm run simulate -- --licenses fleet.yaml --instances N --rate R --url U [--seconds S] [--seed S]

  --licenses     an import document: its license ids are reported under
  --write-fleet  writes such a document of invented customers, to be imported first, and ends
  --instances    how many instances live (60)
  --rate         check-ins a second, of all together (instances / 30)
  --url          where Rollcall listens (http://127.0.0.1:3000)
  --seconds      ends after so many seconds (never)
  --seed         another seed, another fleet (demo)`;

export interface SimulateOptions {
  instances: number;
  rate: number;
  url: URL;
  seconds: number | null;
  seed: string;
  licenses: string | null;
  writeTo: string | null;
}

/** @throws UsageError, or the error of parseArgs */
export function readOptions(args: string[]): SimulateOptions {
  const text = { type: 'string' } as const;
  const names = {
    instances: text,
    rate: text,
    url: text,
    seconds: text,
    seed: text,
    licenses: text,
  };
  const options = { ...names, 'write-fleet': text, help: { type: 'boolean' } as const };
  const { values } = parseArgs({ args, options });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const instances = Math.floor(readNumber('--instances', values.instances, 1, 100_000) ?? 60);
  const rate = readNumber('--rate', values.rate, 0.01, 100_000) ?? instances / 30;
  if (rate > instances) {
    throw new UsageError(
      `--rate ${rate} needs at least ${Math.ceil(rate)} --instances: each reports once a second at most.`,
    );
  }
  const url = readUrl(values.url ?? 'http://127.0.0.1:3000');
  const [licenses, writeTo] = [values.licenses ?? null, values['write-fleet'] ?? null];
  if ((licenses === null) === (writeTo === null)) {
    throw new UsageError(
      'Say either --licenses <fleet.yaml>, whose license ids it reports under, or --write-fleet <fleet.yaml> to have one made.',
    );
  }
  const seconds = readNumber('--seconds', values.seconds, 1, 31_536_000);
  return { instances, rate, url, seconds, seed: values.seed ?? 'demo', licenses, writeTo };
}

function readNumber(
  name: string,
  value: string | undefined,
  least: number,
  most: number,
): number | null {
  if (value === undefined) return null;
  const number = value.trim() === '' ? NaN : Number(value);
  if (number >= least && number <= most) return number;
  throw new UsageError(`${name} must be a number from ${least} to ${most}, not "${value}".`);
}

function readUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError(`--url must be an http(s) address, not "${value}".`);
}
