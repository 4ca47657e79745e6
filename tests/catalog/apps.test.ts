import { eq } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { licenses } from '#db/schema.ts';
import type { AppDetails, AppSummary } from '#contract/catalog.ts';
import { defaultTemplates } from '#domain/default-templates.ts';
import { type CatalogDesk, openDesk } from './desk.ts';

const test = suite<{ desk: CatalogDesk }>('apps and channels');
test.before.each(async (context) => {
  context.desk = await openDesk();
});
test.after.each(({ desk }) => desk.close());

const acme = async (desk: CatalogDesk) =>
  (await desk.ask<AppDetails>('GET', '/api/apps/acme')).body;

test('the list says of each app what there is of it', async ({ desk }) => {
  const { status, body } = await desk.ask<AppSummary[]>('GET', '/api/apps', undefined, 'viewer');
  assert.is(status, 200);
  assert.equal(body, [
    {
      ...{ slug: 'acme', name: 'Acme Search', revision: 0, channels: 2, releases: 4 },
      // The archived customer is left out.
      ...{ customers: 2, instances: 0, logo: null, accentColor: null },
      latest: {
        versionLabel: '2.0.0-beta.1',
        channel: 'Beta',
        promotedAt: '2026-10-20T09:00:00.000Z',
      },
    },
    {
      ...{ slug: 'beacon', name: 'Beacon', revision: 0, channels: 1, releases: 1 },
      ...{ customers: 1, instances: 0, logo: null, accentColor: null },
      latest: { versionLabel: '0.1.0', channel: 'Stable', promotedAt: '2026-10-01T09:00:00.000Z' },
    },
  ]);
});

test('a new app is there at once, with the templates that come with Rollcall, and in the audit', async ({
  desk,
}) => {
  const made = await desk.ask<AppDetails>('POST', '/api/apps', { slug: 'nova', name: 'Nova' });
  assert.is(made.status, 201);
  assert.is(made.body.installTemplate, null);
  assert.equal(made.body.defaultTemplates, defaultTemplates);
  assert.equal(made.body.channels, []);
  assert.is(made.body.statusInformers, true);
  assert.equal((await desk.ask('GET', '/api/apps/nova')).body, made.body);
  assert.equal(await desk.deeds(1), [['app.added', 'nova']]);
  const again = await desk.ask('POST', '/api/apps', { slug: 'nova', name: 'Other' });
  assert.is(again.status, 409);
  assert.is(again.message, 'slug: another app has the slug nova already.');
});

test('a change says what is other, and what it leaves out stays', async ({ desk }) => {
  const changed = await desk.ask<AppDetails>('PATCH', '/api/apps/acme', {
    revision: 0,
    helmRegistry: 'registry.example.com/acme',
    helmChart: 'acme-search',
    installTemplate: '# Install {{appName}}\nhelm install {{appSlug}}',
    accentColor: '#1f6feb',
  });
  assert.is(changed.status, 200);
  const { name, helmRegistry, revision, accentColor, airGapTemplate } = changed.body;
  assert.equal(
    [name, helmRegistry, revision, accentColor, airGapTemplate],
    ['Acme Search', 'registry.example.com/acme', 1, '#1f6feb', null],
  );
  const same = await desk.ask<AppDetails>('PATCH', '/api/apps/acme', {
    revision: 1,
    helmChart: 'acme-search',
  });
  assert.is(same.body.revision, 1, 'what changes nothing leaves no trace');
  assert.equal(await desk.deeds(2), [['app.changed', 'acme']]);
});

test('a stale edit is refused with a sentence, and nothing changes', async ({ desk }) => {
  await desk.ask('PATCH', '/api/apps/acme', { revision: 0, name: 'Acme' });
  const stale = await desk.ask('PATCH', '/api/apps/acme', { revision: 0, name: 'Mine' });
  assert.is(stale.status, 409);
  assert.match(stale.message, /^Somebody else changed the app Acme meanwhile: .*\.$/);
  assert.is((await acme(desk)).name, 'Acme');
});

test('of two edits at the same moment one is taken', async ({ desk }) => {
  const both = await Promise.all(
    ['One', 'Two'].map((name) => desk.ask('PATCH', '/api/apps/acme', { revision: 0, name })),
  );
  assert.equal(both.map(({ status }) => status).toSorted(), [200, 409]);
});

const wrong: [body: object, sentence: RegExp][] = [
  [{ revision: 0, name: '' }, /^name: must not be empty\.$/],
  [{ revision: 0, name: ' a' }, /^name: must be text without spaces at its ends\.$/],
  [
    { revision: 0, helmRegistry: 'oci://a' },
    /^helmRegistry: must be a registry such as .*oci:\/\/\.$/,
  ],
  [{ revision: 0, accentColor: 'red' }, /^accentColor: must be a colour such as #1f6feb\.$/],
  [{ name: 'No revision' }, /^revision: is missing\.$/],
  [{ revision: 0, slug: 'other' }, /^unknown field "slug"\.$/],
  [
    { revision: 0, installTemplate: '# Install\nhelm install "{{version}}"' },
    /^installTemplate: line 2: \{\{version\}\} must not stand inside double quotes: .*\.$/,
  ],
  [{ revision: 0, airGapTemplate: 'tar' }, /^airGapTemplate: line 1: stands before the first step/],
];
for (const [body, sentence] of wrong) {
  test(`${JSON.stringify(body)} is refused in one sentence that names the field`, async ({
    desk,
  }) => {
    const { status, message } = await desk.ask('PATCH', '/api/apps/acme', body);
    assert.is(status, 400);
    assert.match(message, sentence);
    assert.is((await acme(desk)).revision, 0);
  });
}

test('a channel gets an id of the app and its name, made unique', async ({ desk }) => {
  const add = (body: object) => desk.ask<AppDetails>('POST', '/api/apps/acme/channels', body);
  await add({ name: 'Long Term!' });
  await add({ name: 'Long term' });
  await add({ id: 'own-id', name: '漢字' });
  const { body } = await add({ name: '漢' });
  assert.equal(Object.fromEntries(body.channels.map(({ id, name }) => [id, name])), {
    'acme-beta': 'Beta',
    'acme-channel': '漢',
    'acme-long-term': 'Long Term!',
    'acme-long-term-2': 'Long term',
    'acme-stable': 'Stable',
    'own-id': '漢字',
  });
  assert.equal(await desk.deeds(1), [['channel.added', 'acme-channel']]);
  const name = await add({ name: 'Stable' });
  assert.equal(
    [name.status, name.message],
    [409, 'name: the channel acme-stable of this app has this name already.'],
  );
  const id = await add({ id: 'beacon-stable', name: 'Mine' });
  assert.equal(
    [id.status, id.message],
    [409, 'id: another channel has the id beacon-stable already.'],
  );
  assert.is((await desk.ask('POST', '/api/apps/none/channels', { name: 'A' })).status, 404);
});

test('a channel’s new name stands in the license documents of its customers', async ({ desk }) => {
  const sequenceOf = async (customerId: string) => {
    const [row] = await desk.fresh.db
      .select()
      .from(licenses)
      .where(eq(licenses.customerId, customerId));
    return row!.sequence;
  };
  const before = [await sequenceOf('geeglo'), await sequenceOf('roamway')];
  const renamed = await desk.ask<AppDetails>('PATCH', '/api/channels/acme-stable', {
    revision: 0,
    name: 'General',
  });
  assert.is(renamed.status, 200);
  const channel = renamed.body.channels.find(({ id }) => id === 'acme-stable');
  assert.equal([channel?.name, channel?.revision, channel?.customers], ['General', 1, 2]);
  assert.equal(
    [await sequenceOf('geeglo'), await sequenceOf('roamway')],
    [before[0]! + 1, before[1]!],
  );
  const stale = await desk.ask('PATCH', '/api/channels/acme-stable', { revision: 0, name: 'X' });
  assert.is(stale.status, 409);
  const taken = await desk.ask('PATCH', '/api/channels/acme-stable', { revision: 1, name: 'Beta' });
  assert.is(taken.message, 'name: the channel acme-beta of this app has this name already.');
  assert.is(
    (await desk.ask('PATCH', '/api/channels/none', { revision: 0, name: 'X' })).status,
    404,
  );
});

test('what can be no address is not found', async ({ desk }) => {
  for (const path of ['/api/apps/none', '/api/apps/%00', '/api/apps/none/releases']) {
    assert.is((await desk.ask('GET', path)).status, 404, path);
  }
  assert.is((await desk.ask('GET', '/api/apps/acme/releases?before=x')).status, 400);
});

test.run();
