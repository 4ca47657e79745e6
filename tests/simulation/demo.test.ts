import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FleetPage, Workspace } from '#contract/reports.ts';
import { freePort } from '../support/port.ts';
import { cookieOf } from '../support/session.ts';
import { stopOrphan } from '../support/postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-demo-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;

interface Demo {
  child: ChildProcess;
  output(): string;
}

/** Runs the demo until it says how to stop it. */
async function startDemo(): Promise<Demo> {
  const child = spawn(process.execPath, ['scripts/demo.ts', '--seconds', '60'], {
    env: { ...process.env, PORT: String(port), DEMO_DATA_DIR: folder, LOG_LEVEL: 'warn' },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  while (!output.includes('Ctrl-C')) {
    if (child.exitCode !== null) throw new Error(`The demo ended:\n${output}`);
    await sleep(50);
  }
  return { child, output: () => output };
}

async function endDemo({ child, output }: Demo): Promise<void> {
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  assert.is(code, 0, output());
}

/** Reads as the visitor whom the demo signs in by itself. */
async function read<T>(path: string): Promise<T> {
  cookie ??= cookieOf(
    await fetch(`${url}/api/session/demo`, { method: 'POST', headers: { origin: url } }),
  );
  return (await fetch(`${url}${path}`, { headers: { cookie } })).json() as Promise<T>;
}
let cookie: string | null = null;

/** The fleet once nearly everybody has spoken live. @throws Error when that takes longer than 20 s */
async function readLivingFleet(): Promise<FleetPage> {
  const began = Date.now();
  for (;;) {
    const fleet = await read<FleetPage>('/api/fleet');
    const living = fleet.rows.filter(({ airGap }) => !airGap).length;
    // The past is carried in: whoever has not spoken since still stands as air gap.
    const awaited = fleet.counts.airGap > 4 || fleet.counts.byAttention.refused !== 2;
    if (living >= 56 && !awaited) return fleet;
    if (Date.now() - began > 20_000) throw new Error(`Only ${living} instances live.`);
    await sleep(200);
  }
}

test.after(async () => {
  await stopOrphan(folder);
  rmSync(folder, { recursive: true, force: true });
});

test('the demo shows a living fleet with a past, and a second start goes on with it', async () => {
  const demo = await startDemo();
  assert.ok((await read<Workspace>('/api/workspace')).demo);
  const fleet = await readLivingFleet();
  await endDemo(demo);
  assert.not.match(demo.output(), /"level":[56]0/);

  const { total, airGap, byAttention } = fleet.counts;
  assert.ok(total >= 60 && total <= 62, String(total));
  assert.is(airGap, 4);
  assert.is(byAttention.refused, 2);
  assert.ok(byAttention.ready > 0.75 * total && byAttention.ready < 0.97 * total);
  assert.is(new Set(fleet.rows.map(({ kubernetes }) => kubernetes.distribution)).size, 14);
  const known = fleet.rows.filter(({ closedDays }) => closedDays.every(([up]) => up > 3600));
  assert.ok(known.length > 40, `${known.length} have two weeks of bars`);
  const again = await startDemo();
  const later = await read<FleetPage>('/api/fleet');
  await endDemo(again);
  assert.not.match(again.output(), /Sending ninety days/);
  assert.ok(later.counts.total >= total);
});

test.run();
