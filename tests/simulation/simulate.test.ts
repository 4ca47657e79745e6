import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFleet } from '#server/catalog/parse-fleet.ts';
import { startServer } from '../support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-simulate-'));
const file = join(folder, 'fleet.yaml');
test.after(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number | null;
  output: string;
}

function run(script: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, ...env } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}
const simulate = (...args: string[]) => run('scripts/simulate.ts', args);

test('arguments that cannot be used end it with one sentence', async () => {
  const cases: [string[], RegExp][] = [
    [[], /^Say either --licenses .* or --write-fleet .*\.\n$/],
    [['--licenses', 'none.yaml'], /^none\.yaml .* no such file.*\.\n$/],
    [['--licenses', 'x', '--rate', 'fast'], /^--rate must be a number .*, not "fast"\.\n$/],
    [
      ['--licenses', 'x', '--instances', '5', '--rate', '9'],
      /^--rate 9 needs at least 9 --instances: .*\.\n$/,
    ],
    [
      ['--licenses', 'x', '--url', 'localhost'],
      /^--url must be an http\(s\) address, not "localhost"\.\n$/,
    ],
    [['--frobnicate'], /^Unknown option '--frobnicate'\.\n$/],
  ];
  const ended = await Promise.all(cases.map(([args]) => simulate(...args)));
  ended.forEach(({ code, output }, index) => {
    assert.is(code, 2, output);
    assert.match(output, cases[index]?.[1] ?? /never/);
  });
});

test('it writes a fleet that the importer takes', async () => {
  const { code, output } = await simulate('--write-fleet', file, '--instances', '40');
  assert.is(code, 0, output);
  assert.is(parseFleet(parse(readFileSync(file, 'utf8'))).apps.length, 2);
});

test('against a server that knows its licenses it is accepted, at about the rate asked for', async () => {
  const server = await startServer({ env: { LOG_LEVEL: 'warn' } });
  try {
    const imported = await run('scripts/import.ts', [file], {
      DATA_DIR: server.dataDir,
      DATABASE_URL: '',
    });
    assert.is(imported.code, 0, imported.output);
    const args = ['--licenses', file, '--instances', '40', '--rate', '20', '--url', server.url];
    const { code, output } = await simulate(...args, '--seconds', '7');
    assert.is(code, 0, output);
    assert.match(
      output,
      /^sent \d+, accepted \d+, refused 0, p50 [\d.]+ ms, p99 [\d.]+ ms; \d+ ready/m,
    );
    const [, accepted] = /^In .*: sent \d+, accepted (\d+), refused 0, /m.exec(output) ?? [];
    assert.ok(Number(accepted) > 60 && Number(accepted) < 400, output);
    assert.is(server.output(), '');
  } finally {
    await server.stop();
  }
});

test.run();
