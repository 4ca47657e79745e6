import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { firstOwner } from '#contract/accounts.ts';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const hour = 3_600_000;
const units = { s: 1000, m: 60_000, h: hour, d: 24 * hour } as const;

/** Everything that may be set from outside, checked once at the start. */
export interface Config {
  host: string;
  port: number;
  /** The origin under which people and instances reach Rollcall: no path, no trailing slash. */
  publicUrl: string;
  /** Absolute. Holds the files of releases and, unless `databaseUrl` is set, the embedded PostgreSQL. */
  dataDir: string;
  databaseUrl: string | null;
  /** Set: several server processes share the live stream through it. */
  redisUrl: string | null;
  logLevel: LogLevel;
  /** Milliseconds of silence after which an instance is inactive; at least six hours. */
  inactiveAfter: number;
  /** The one IANA zone that days are cut by. */
  zone: string;
  /** New instances that one license may bring per hour, after a burst. */
  newInstancesPerHour: number;
  newInstancesBurst: number;
  /** Reports per second. */
  reportsPerInstance: number;
  reportsPerLicense: number;
  /** Reports that may wait for the database before others are turned away with a 503. */
  queueLimit: number;
  /** Proxies in front that each add the address they were asked from to X-Forwarded-For; 0: nobody is believed. */
  trustProxy: number;
  /** The metrics' own port, on which they need no token; null: /metrics on the main port, which asks for one. */
  metricsPort: number | null;
  metricsHost: string;
  /** The data is a demo fleet's, and the pages say so. */
  demo: boolean;
  /** The first owner's account, made at a start without any; null: a set-up link is printed instead. */
  admin: { email: string; password: string } | null;
}

export type Environment = Record<string, string | undefined>;

/**
 * A setting that cannot be used. The message is one sentence that begins with the variable's name; `value` null: it is
 * a secret, and not told.
 */
export class ConfigError extends Error {
  constructor(variable: string, wanted: string, value: string | null) {
    super(`${variable} must be ${wanted}${value === null ? '' : `, not "${value}"`}.`);
    this.name = 'ConfigError';
  }
}

/** The process's environment over what a `.env` file in `folder` says, if there is one. */
export function readEnvironment(folder: string = process.cwd()): Environment {
  const file = resolve(folder, '.env');
  return existsSync(file)
    ? { ...parseEnv(readFileSync(file, 'utf8')), ...process.env }
    : process.env;
}

/** Throws ConfigError for the first value that cannot be used. An empty value counts as not set. */
export function readConfig(env: Environment): Config {
  const read = <T>(
    variable: string,
    fallback: T,
    wanted: string,
    parse: (value: string) => T | null,
  ) => {
    const value = env[variable]?.trim();
    if (!value) return fallback;
    const parsed = parse(value);
    if (parsed === null) throw new ConfigError(variable, wanted, withoutPassword(value));
    return parsed;
  };
  const count = (variable: string, fallback: number, most: number) =>
    read(variable, fallback, `a whole number from 1 to ${most}`, (value) =>
      wholeNumber(value, 1, most),
    );

  const host = read('HOST', '127.0.0.1', 'a host name or an IP address', hostName);
  const port = read('PORT', 3000, 'a port from 0 to 65535', (value) =>
    wholeNumber(value, 0, 65_535),
  );
  return {
    host,
    port,
    publicUrl: read(
      'PUBLIC_URL',
      defaultOrigin(host, port),
      'an http(s) origin without a path',
      origin,
    ),
    dataDir: resolve(env.DATA_DIR?.trim() || 'data'),
    databaseUrl: read<string | null>('DATABASE_URL', null, 'a postgres:// address', (value) =>
      address(value, ['postgres:', 'postgresql:']),
    ),
    redisUrl: read<string | null>('REDIS_URL', null, 'a redis:// address', (value) =>
      address(value, ['redis:', 'rediss:']),
    ),
    logLevel: read(
      'LOG_LEVEL',
      'info',
      `one of ${logLevels.join(', ')}`,
      (value) => logLevels.find((level) => level === value) ?? null,
    ),
    inactiveAfter: read(
      'INACTIVE_AFTER',
      24 * hour,
      'a duration of at least 6h, such as 36h or 2d',
      (value) => duration(value, 6 * hour, 366 * 24 * hour),
    ),
    zone: read('TIME_ZONE', 'UTC', 'an IANA time zone such as Europe/Berlin', timeZone),
    newInstancesPerHour: count('NEW_INSTANCES_PER_HOUR', 60, 1_000_000),
    newInstancesBurst: count('NEW_INSTANCES_BURST', 200, 1_000_000),
    reportsPerInstance: count('REPORTS_PER_INSTANCE', 5, 100_000),
    reportsPerLicense: count('REPORTS_PER_LICENSE', 200, 1_000_000),
    queueLimit: count('QUEUE_LIMIT', 5000, 1_000_000),
    trustProxy: read('TRUST_PROXY', 0, 'the number of proxies in front, from 0 to 10', (value) =>
      wholeNumber(value, 0, 10),
    ),
    metricsPort: read<number | null>('METRICS_PORT', null, 'a port from 0 to 65535', (value) =>
      wholeNumber(value, 0, 65_535),
    ),
    metricsHost: read('METRICS_HOST', '127.0.0.1', 'a host name or an IP address', hostName),
    demo: read('DEMO', false, 'true or false', (value) =>
      value === 'true' ? true : value === 'false' ? false : null,
    ),
    admin: readAdmin(env),
  };
}

function readAdmin(env: Environment): Config['admin'] {
  const email = env.ADMIN_EMAIL?.trim();
  // Whatever stands in a password belongs to it.
  const password = env.ADMIN_PASSWORD;
  if (!email && !password) return null;
  if (!email) throw new ConfigError('ADMIN_EMAIL', 'set together with ADMIN_PASSWORD', null);
  if (!password) throw new ConfigError('ADMIN_PASSWORD', 'set together with ADMIN_EMAIL', null);
  const parsed = firstOwner.safeParse({ email, password });
  if (parsed.success) return parsed.data;
  if (parsed.error.issues[0]?.path[0] === 'email')
    throw new ConfigError('ADMIN_EMAIL', 'an email address', email);
  throw new ConfigError('ADMIN_PASSWORD', '12 to 200 characters long', null);
}

function wholeNumber(value: string, least: number, most: number): number | null {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  return number >= least && number <= most ? number : null;
}

function duration(value: string, least: number, most: number): number | null {
  const match = /^(\d{1,9})([smhd])$/.exec(value);
  if (!match) return null;
  const milliseconds = Number(match[1]) * units[match[2] as keyof typeof units];
  return milliseconds >= least && milliseconds <= most ? milliseconds : null;
}

function hostName(value: string): string | null {
  return /^[\w.:-]{1,253}$/.test(value) ? value : null;
}

function timeZone(value: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone && value;
  } catch {
    return null;
  }
}

function address(value: string, protocols: string[]): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  return url && protocols.includes(url.protocol) ? value : null;
}

function origin(value: string): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password)
    return null;
  return url.pathname === '/' &&
    !url.search &&
    !url.hash &&
    !value.endsWith('?') &&
    !value.endsWith('#')
    ? url.origin
    : null;
}

function defaultOrigin(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** A message about an address must not spread its password. */
function withoutPassword(value: string): string {
  return value.replace(/:\/\/[^@/]*@/, '://…@');
}
