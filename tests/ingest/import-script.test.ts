import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sdk, send } from '../support/clients.ts';
import { licenseIds, smallFleet } from '../support/fleet.ts';
import { startServer } from '../support/server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const test = suite<{ folder: string }>('npm run import');

test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), 'rollcall-import-'));
});
test.after.each(async (context) => {
  await rm(context.folder, { recursive: true, force: true });
});

/** Runs the script as npm does for somebody who stands in `folder`. */
async function runImport(folder: string, file: string, dataDir = join(folder, 'data')) {
  const child = spawn(process.execPath, ['scripts/import.ts', file], {
    cwd: root,
    env: { ...process.env, INIT_CWD: folder, DATA_DIR: dataDir, DATABASE_URL: '' },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

const yaml = `
apps:
  - slug: acme
    name: Acme Search
    channels:
      - id: acme-stable
        name: Stable
        releases:
          - { channelSequence: 1, releaseSequence: 11, versionLabel: 1.0.0, promotedAt: 2026-10-01T09:00:00Z, releaseNotes: First }
    customers:
      - id: geeglo
        name: Geeglo
        email: ops@geeglo.example
        channel: acme-stable
        archived: false
        licenseFile: licenses/geeglo.yaml
        license: { id: ${licenseIds.geeglo}, type: trial, createdAt: 2026-06-28T08:00:00Z, expiresAt: null, features: [airgap, gitops, identity, snapshots], entitlements: { seats: { title: Seats, value: 25, valueType: Integer } } }
`;

test("a fleet goes into the running server's own database, and the server answers by it at once", async ({
  folder,
}) => {
  const server = await startServer({ dataDir: join(folder, 'data') });
  try {
    const state = { licenseId: licenseIds.geeglo, appSlug: 'acme', instanceId: 'i' };
    assert.is((await send(server.url, sdk.info(state))).status, 401);
    await writeFile(join(folder, 'fleet.json'), JSON.stringify(smallFleet()));
    const { code, output } = await runImport(folder, 'fleet.json');
    assert.is(
      output,
      'Imported fleet.json: 2 apps, 3 channels, 5 releases and 4 customers; 14 added, 0 changed.\n',
    );
    assert.is(code, 0);
    assert.is((await send(server.url, sdk.info(state))).status, 200);
    assert.match((await runImport(folder, 'fleet.json')).output, 'nothing changed');
    assert.is((await send(server.url, sdk.info(state))).status, 200, 'the database is still up');
  } finally {
    await server.stop();
  }
});

test('faults are printed one a line, and the exit code says that nothing was imported', async ({
  folder,
}) => {
  const file = join(folder, 'fleet.yaml');
  await writeFile(
    file,
    yaml.replace('type: trial', 'type: gold').replace('versionLabel: 1.0.0', 'versionLabel: 1.0'),
  );
  const { code, output } = await runImport(folder, 'fleet.yaml');
  assert.is(code, 1);
  assert.equal(output.trim().split('\n'), [
    'apps[0].channels[0].releases[0].versionLabel: must be text; put it in quotes',
    'apps[0].customers[0].license.type: must be one of dev, trial, paid, community',
    `apps[0].customers[0].licenseFile: cannot read ${join(folder, 'licenses/geeglo.yaml')}: there is no such file`,
    'Nothing was imported: 3 faults.',
  ]);
});

test('a file that is not there, or is no YAML, is told in a sentence', async ({ folder }) => {
  const missing = await runImport(folder, 'nowhere.yaml');
  assert.is(missing.code, 1);
  assert.match(missing.output, 'nowhere.yaml: there is no such file');
  await writeFile(join(folder, 'broken.yaml'), 'apps: [\n  - {');
  const broken = await runImport(folder, 'broken.yaml');
  assert.is(broken.code, 1);
  assert.match(broken.output, /at line \d+, column \d+/);
  assert.not.match(broken.output, 'node_modules');
});

test.run();
