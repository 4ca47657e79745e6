import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigError, type Environment, readConfig, readEnvironment } from '#server/config.ts';

test('without any setting the documented defaults hold', () => {
  assert.equal(readConfig({}), {
    host: '127.0.0.1',
    port: 3000,
    publicUrl: 'http://127.0.0.1:3000',
    dataDir: resolve('data'),
    databaseUrl: null,
    redisUrl: null,
    logLevel: 'info',
    inactiveAfter: 24 * 3_600_000,
    zone: 'UTC',
    newInstancesPerHour: 60,
    newInstancesBurst: 200,
    reportsPerInstance: 5,
    reportsPerLicense: 200,
    queueLimit: 5000,
    trustProxy: 0,
    metricsPort: null,
    metricsHost: '127.0.0.1',
    demo: false,
    admin: null,
  });
});

test('the README names every setting with its default, and no other', () => {
  const asked = new Set<string>();
  const env = new Proxy<Environment>({}, { get: (_, name) => void asked.add(String(name)) });
  readConfig(env);
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const table = readme.split('## Configuration')[1]!.split('\n## ')[0]!;
  const rows = table.matchAll(/^\| (`[A-Z_`, ]+`) +\| ([^|]*?) +\|/gm);
  const told = new Map<string, string>();
  for (const [, names, values] of rows)
    names!.split(', ').forEach((name, index) => {
      told.set(name.replaceAll('`', ''), values!.split(', ')[index] ?? '');
    });
  assert.equal([...told.keys()].sort(), [...asked].sort());

  const { dataDir, publicUrl, ...defaults } = readConfig({});
  assert.is(told.get('DATA_DIR'), '`./data`');
  assert.is(dataDir, resolve('data'));
  assert.is(told.get('PUBLIC_URL'), '`http://HOST:PORT`');
  assert.is(publicUrl, 'http://127.0.0.1:3000');
  const others = ['ADMIN_EMAIL', 'ADMIN_PASSWORD', 'DATABASE_URL', 'REDIS_URL', 'METRICS_PORT'];
  for (const name of others) assert.match(told.get(name)!, /^(none)?$/, name);
  const words = {
    ...{ HOST: defaults.host, PORT: defaults.port, TRUST_PROXY: defaults.trustProxy },
    ...{ LOG_LEVEL: defaults.logLevel, METRICS_HOST: defaults.metricsHost, DEMO: defaults.demo },
    ...{ INACTIVE_AFTER: `${defaults.inactiveAfter / 3_600_000}h`, TIME_ZONE: defaults.zone },
    NEW_INSTANCES_PER_HOUR: defaults.newInstancesPerHour,
    NEW_INSTANCES_BURST: defaults.newInstancesBurst,
    REPORTS_PER_INSTANCE: defaults.reportsPerInstance,
    REPORTS_PER_LICENSE: defaults.reportsPerLicense,
    QUEUE_LIMIT: defaults.queueLimit,
  };
  for (const [name, value] of Object.entries(words))
    assert.is(told.get(name), `\`${value}\``, name);
  assert.is(Object.keys(words).length + others.length + 2, told.size);
});

test('every setting is read', () => {
  const config = readConfig({
    HOST: '::',
    PORT: '8080',
    PUBLIC_URL: 'https://rollcall.example/',
    DATA_DIR: '/srv/rollcall',
    DATABASE_URL: 'postgresql://me:secret@db:5433/fleet?sslmode=require',
    REDIS_URL: 'rediss://cache:6379',
    LOG_LEVEL: 'warn',
    INACTIVE_AFTER: '2d',
    TIME_ZONE: 'Europe/Berlin',
    NEW_INSTANCES_PER_HOUR: '1',
    NEW_INSTANCES_BURST: '2',
    REPORTS_PER_INSTANCE: '3',
    REPORTS_PER_LICENSE: '4',
    QUEUE_LIMIT: '6',
    TRUST_PROXY: '2',
    METRICS_PORT: '9464',
    METRICS_HOST: '::1',
    DEMO: 'true',
    ADMIN_EMAIL: 'Ada@Rollcall.example',
    ADMIN_PASSWORD: ' a long enough password',
  });
  assert.equal(config, {
    host: '::',
    port: 8080,
    publicUrl: 'https://rollcall.example',
    dataDir: '/srv/rollcall',
    databaseUrl: 'postgresql://me:secret@db:5433/fleet?sslmode=require',
    redisUrl: 'rediss://cache:6379',
    logLevel: 'warn',
    inactiveAfter: 48 * 3_600_000,
    zone: 'Europe/Berlin',
    newInstancesPerHour: 1,
    newInstancesBurst: 2,
    reportsPerInstance: 3,
    reportsPerLicense: 4,
    queueLimit: 6,
    trustProxy: 2,
    metricsPort: 9464,
    metricsHost: '::1',
    demo: true,
    admin: { email: 'ada@rollcall.example', password: ' a long enough password' },
  });
});

test('an empty value counts as not set', () => {
  assert.equal(readConfig({ PORT: '', DATABASE_URL: ' ', INACTIVE_AFTER: '' }), readConfig({}));
});

test('the default origin can be opened even when listening everywhere', () => {
  assert.is(readConfig({ HOST: '0.0.0.0', PORT: '80' }).publicUrl, 'http://localhost:80');
  assert.is(readConfig({ HOST: '::1', PORT: '81' }).publicUrl, 'http://[::1]:81');
});

const bad: Record<string, string[]> = {
  HOST: ['http://localhost', 'my host', 'a/b'],
  PORT: ['-1', '65536', '3000.5', 'http', '0x50', '1e3'],
  PUBLIC_URL: [
    'rollcall.example',
    'ftp://x',
    'https://x/path',
    'https://x/?a',
    'https://me:pw@x/',
    'https://x/#a',
    'https://x?',
  ],
  DATABASE_URL: ['mysql://x', 'localhost', 'postgres'],
  REDIS_URL: ['http://x', 'localhost:6379'],
  LOG_LEVEL: ['loud', 'INFO'],
  INACTIVE_AFTER: ['5h', '24', '1.5d', '-24h', '24 hours', '367d', 'never'],
  TIME_ZONE: ['Berlin', 'Mars/Olympus', 'UTC+2:00x'],
  NEW_INSTANCES_PER_HOUR: ['0', '-5', 'many', '1.5'],
  NEW_INSTANCES_BURST: ['0', 'x'],
  REPORTS_PER_INSTANCE: ['0', 'x'],
  REPORTS_PER_LICENSE: ['0', 'x'],
  QUEUE_LIMIT: ['0', 'x', '1000001'],
  TRUST_PROXY: ['-1', 'true', '11'],
  METRICS_PORT: ['-1', '65536', 'on'],
  METRICS_HOST: ['http://localhost', 'a/b'],
  DEMO: ['yes', '1', 'TRUE'],
};
for (const [variable, values] of Object.entries(bad)) {
  test(`a ${variable} that cannot be used stops the start with one sentence that names it`, () => {
    for (const value of values) {
      const error = thrownBy(() => readConfig({ [variable]: value }));
      assert.instance(error, ConfigError, `${variable}=${value}`);
      assert.match(
        String(error),
        new RegExp(`ConfigError: ${variable} must be [^\\n]+, not "[^\\n]+"\\.$`),
      );
    }
  });
}

test('the sentence does not spread a password', () => {
  const error = thrownBy(() => readConfig({ DATABASE_URL: 'mysql://me:secret@db/x' }));
  assert.not.match(String(error), /secret/);
});

test('a .env file is read when present, and the real environment wins over it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-env-'));
  assert.is(readEnvironment(folder).ROLLCALL_FROM_FILE, undefined);
  writeFileSync(join(folder, '.env'), '# mine\nROLLCALL_FROM_FILE="a b"\nPATH=/nowhere\n');
  const environment = readEnvironment(folder);
  assert.is(environment.ROLLCALL_FROM_FILE, 'a b');
  assert.is(environment.PATH, process.env.PATH);
  rmSync(folder, { recursive: true });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}

test('the first owner is set with both of its settings, and no message tells the password', () => {
  const secret = 'short one';
  for (const [env, sentence] of [
    [{ ADMIN_EMAIL: 'a@b.example' }, 'ADMIN_PASSWORD must be set together with ADMIN_EMAIL.'],
    [{ ADMIN_PASSWORD: secret }, 'ADMIN_EMAIL must be set together with ADMIN_PASSWORD.'],
    [
      { ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: secret },
      'ADMIN_PASSWORD must be 12 to 200 characters long.',
    ],
    [
      { ADMIN_EMAIL: 'ada', ADMIN_PASSWORD: 'a long enough password' },
      'ADMIN_EMAIL must be an email address, not "ada".',
    ],
  ] as [Record<string, string>, string][]) {
    try {
      readConfig(env);
      assert.unreachable(sentence);
    } catch (error) {
      assert.is((error as Error).message, sentence);
      assert.not.match((error as Error).message, secret);
    }
  }
  assert.is(readConfig({ ADMIN_EMAIL: '', ADMIN_PASSWORD: '' }).admin, null);
});

test.run();
