import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eq } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { apps, customers, releases } from '#db/schema.ts';
import type { InstallInstructions } from '#contract/customers.ts';
import { licenseIds } from '../support/fleet.ts';
import { openOffice } from './office.ts';

const run = promisify(execFile);
const office = await openOffice();
const { db } = office.fresh;
const read = async (method = 'GET', id = 'geeglo') =>
  (await office.ask<InstallInstructions>(method, `/api/customers/${id}/install-instructions`)).body;
const setApp = (values: Partial<typeof apps.$inferInsert>) =>
  db.update(apps).set(values).where(eq(apps.slug, 'acme'));
const commandsOf = (steps: InstallInstructions['online'] | null) =>
  (steps ?? []).map(({ commands }) => commands).join('\n');

test('they say what the vendor has to set first', async () => {
  const without = await read();
  assert.is(
    without.missing,
    'Set the Helm registry of Acme Search first (Apps → Acme Search → Settings).',
  );
  assert.equal(without.online, []);
  await setApp({ helmRegistry: 'registry.acme.example/charts' });
  const lapsed = await read('GET', 'lapsed');
  assert.match(lapsed.missing ?? '', /^Give Lapsed & Sons an email address first \(Edit\)/);
  assert.is((await read()).missing, null);

  await db.update(releases).set({ demotedAt: new Date() });
  const none = await read();
  assert.is(none.release, null);
  assert.match(none.missing ?? '', /^Promote a release to the channel Stable of Acme Search first/);
  await db.update(releases).set({ demotedAt: null });

  await setApp({ installTemplate: '# Install\nhelm {{registry' });
  assert.match((await read()).missing ?? '', /^Mend the install template of Acme Search first/);
  await setApp({ installTemplate: '# Ask us\necho {{customerName}}', helmRegistry: null });
  assert.is((await read()).online.length, 1, 'what a template does not use is not asked for');
  await setApp({ installTemplate: null, helmRegistry: 'registry.acme.example/charts' });
});

test('they sign in, install and upgrade the channel’s latest release on offer', async () => {
  const { release, online, airGap, complete } = await read();
  assert.equal(release, { versionLabel: '1.2.0', promotedAt: '2026-10-03T09:00:00.000Z' });
  assert.is(complete, false);
  const commands = commandsOf(online);
  assert.match(
    commands,
    "helm registry login 'registry.acme.example' --username 'ops@geeglo.example'",
  );
  assert.match(commands, "--password '<license id>'");
  assert.match(commands, "oci://'registry.acme.example/charts'/'acme' --version '1.2.0'");
  assert.match(commands, 'helm upgrade ');
  assert.ok(airGap !== null && airGap.length > 0, 'the license has the Air gap feature');
  assert.not.match(commandsOf(online) + commandsOf(airGap), licenseIds.geeglo);
  await db
    .update(releases)
    .set({ demotedAt: new Date() })
    .where(eq(releases.versionLabel, '1.2.0'));
  assert.is((await read()).release?.versionLabel, '1.1.0');
  await db.update(releases).set({ demotedAt: null });
});

test('without the Air gap feature there is no air gap variant', async () => {
  const { customer } = await office.report('lapsed');
  await office.ask('PATCH', '/api/customers/lapsed', {
    ...{ revision: customer.revision, email: 'a@b.example', license: { features: ['gitops'] } },
  });
  assert.is((await read('GET', 'lapsed')).airGap, null);
});

test('with the license id they are given to those who manage, and that is noted', async () => {
  const { online, complete } = await read('POST');
  assert.is(complete, true);
  assert.match(commandsOf(online), `--password '${licenseIds.geeglo}'`);
  const note = await office.lastNote();
  assert.is(note?.action, 'license-id.revealed');
  assert.is(note?.targetId, 'geeglo');
  assert.is((await office.ask('GET', '/api/customers/nobody/install-instructions')).status, 404);
});

test('whatever a customer is called, a shell reads it as one word', async () => {
  const name = `$(date) 'Quoted' "Twice" \`id\` \\ ; & | é`;
  await db.update(customers).set({ name }).where(eq(customers.id, 'geeglo'));
  await setApp({ installTemplate: '# Say it\nprintf %s {{customerName}}' });
  const { stdout } = await run('sh', ['-c', commandsOf((await read()).online)]);
  assert.is(stdout, name);
  await setApp({ installTemplate: null });
});

test.after(() => office.close());
test.run();
