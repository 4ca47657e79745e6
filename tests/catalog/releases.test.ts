import { and, eq } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { releases } from '#db/schema.ts';
import type { AppDetails, ReleaseDetails, ReleasePage } from '#contract/catalog.ts';
import { licenseIds } from '../support/fleet.ts';
import { type CatalogDesk, openDesk } from './desk.ts';

const test = suite<{ desk: CatalogDesk }>('releases');
test.before.each(async (context) => {
  context.desk = await openDesk();
});
test.after.each(({ desk }) => desk.close());

const pageOf = async (desk: CatalogDesk, query = '') =>
  (await desk.ask<ReleasePage>('GET', `/api/apps/acme/releases${query}`)).body;
const make = (desk: CatalogDesk, versionLabel: string, releaseNotes = '') =>
  desk.ask<ReleaseDetails>('POST', '/api/apps/acme/releases', { versionLabel, releaseNotes });
const promote = (desk: CatalogDesk, sequence: number, body: object) =>
  desk.ask<ReleaseDetails>('POST', `/api/apps/acme/releases/${sequence}/promotions`, body);

test('releases come newest first, twenty a page', async ({ desk }) => {
  for (let n = 1; n <= 19; n += 1) await make(desk, `3.0.${n}`);
  const first = await pageOf(desk);
  assert.is(first.releases.length, 20);
  assert.equal(
    [first.releases[0]!.versionLabel, first.releases[0]!.releaseSequence],
    ['3.0.19', 39],
  );
  const second = await pageOf(desk, `?before=${first.next}`);
  assert.equal(
    second.releases.map(({ releaseSequence }) => releaseSequence),
    [13, 12, 11],
  );
  assert.is(second.next, null);
});

test('a release has its notes as safe HTML, and says where it is promoted and how many run it', async ({
  desk,
}) => {
  await desk.app.request('/api/check-ins', {
    method: 'POST',
    headers: { authorization: `Bearer ${licenseIds.geeglo}` },
    body: JSON.stringify([
      { instanceId: 'one', status: 'ready', channelSequence: 1 },
      { instanceId: 'two', status: 'ready', channelSequence: 1, channel: 'acme-stable' },
      { instanceId: 'three', status: 'ready', channelSequence: 7, channel: 'acme-beta' },
    ]),
  });
  const made = await make(desk, '3.0.0', '**Bold** <script>alert(1)</script>');
  assert.is(made.status, 201);
  assert.equal([made.body.releaseSequence, made.body.promotions, made.body.files], [21, [], []]);
  assert.match(made.body.notesHtml, /<strong>Bold<\/strong> &lt;script&gt;/);
  const { releases } = await pageOf(desk);
  const old = releases.find(({ releaseSequence }) => releaseSequence === 11);
  assert.equal(old?.promotions, [
    {
      channel: { id: 'acme-stable', name: 'Stable' },
      ...{ channelSequence: 1, versionLabel: '1.0.0', promotedAt: '2026-10-01T09:00:00.000Z' },
      ...{ isRequired: false, demotedAt: null, revision: 0, running: 2 },
    },
  ]);
  const app = (await desk.ask<AppDetails>('GET', '/api/apps/acme')).body;
  assert.equal(
    app.channels.map(({ id, instances }) => [id, instances]),
    [
      ['acme-beta', 1],
      ['acme-stable', 2],
    ],
  );
});

test('a promotion gives the channel’s next sequence, and is offered at once', async ({ desk }) => {
  const { body: made } = await make(desk, '3.0.0', 'Notes');
  const promoted = await promote(desk, made.releaseSequence, {
    channels: ['acme-stable', 'acme-beta', 'acme-stable'],
    isRequired: true,
  });
  assert.is(promoted.status, 201);
  assert.equal(
    promoted.body.promotions.map((it) => [it.channel.id, it.channelSequence, it.isRequired]),
    [
      ['acme-beta', 8, true],
      ['acme-stable', 4, true],
    ],
  );
  assert.equal(
    (await desk.deeds(2)).map(([action]) => action),
    ['release.promoted', 'release.promoted'],
  );
  const pending = await desk.app.request('/release/acme/pending?channelSequence=3', {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${licenseIds.geeglo}:${licenseIds.geeglo}`)}` },
    body: '{}',
  });
  const { channelReleases } = (await pending.json()) as { channelReleases: object[] };
  assert.is(channelReleases.length, 1);
});

test('a promotion is never dated before the channel’s last one', async ({ desk }) => {
  const { db } = desk.fresh;
  const ahead = new Date(Date.now() + 3_600_000);
  await db
    .update(releases)
    .set({ promotedAt: ahead })
    .where(and(eq(releases.channelId, 'acme-stable'), eq(releases.channelSequence, 3)));
  const { body: made } = await make(desk, '3.0.0');
  const { body } = await promote(desk, made.releaseSequence, { channels: ['acme-stable'] });
  assert.is(body.promotions[0]!.promotedAt, ahead.toISOString());
});

test('promotions at the same moment get sequences of their own', async ({ desk }) => {
  const made = await Promise.all(['a', 'b', 'c', 'd'].map((label) => make(desk, label)));
  const sequences = made.map(({ body }) => body.releaseSequence);
  assert.equal(sequences.toSorted(), [21, 22, 23, 24]);
  await Promise.all(sequences.map((one) => promote(desk, one, { channels: ['acme-stable'] })));
  const rows = await desk.fresh.db
    .select()
    .from(releases)
    .where(eq(releases.channelId, 'acme-stable'));
  assert.equal(
    rows.map((row) => row.channelSequence).toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7],
  );
});

test('a promotion is taken whole or refused whole', async ({ desk }) => {
  const { body: made } = await make(desk, '3.0.0');
  const refused: [body: object, status: number, sentence: RegExp][] = [
    [{ channels: [] }, 400, /^channels: must hold at least 1 items\.$/],
    [
      { channels: ['acme-stable', 'beacon-stable'] },
      400,
      /^channels: the app has no channel beacon-stable\.$/,
    ],
  ];
  for (const [body, status, sentence] of refused) {
    const answer = await promote(desk, made.releaseSequence, body);
    assert.is(answer.status, status);
    assert.match(answer.message, sentence);
  }
  const again = await promote(desk, 13, { channels: ['acme-beta', 'acme-stable'] });
  assert.equal(
    [again.status, again.message],
    [409, '1.2.0 is the latest release of Stable already.'],
  );
  assert.is((await promote(desk, 99, { channels: ['acme-stable'] })).status, 404);
  const { releases } = await pageOf(desk);
  assert.is(releases.flatMap(({ promotions }) => promotions).length, 4);
});

test('a label stays once it is promoted; notes may change, there too', async ({ desk }) => {
  const path = '/api/apps/acme/releases/13';
  const label = await desk.ask('PATCH', path, { revision: 0, versionLabel: '9' });
  assert.equal(
    [label.status, label.message],
    [400, 'versionLabel: stays once the release is promoted: instances report it by that name.'],
  );
  const notes = await desk.ask<ReleaseDetails>('PATCH', path, {
    revision: 0,
    releaseNotes: '*New*',
  });
  assert.equal([notes.status, notes.body.revision, notes.body.releaseNotes], [200, 1, '*New*']);
  const [row] = await desk.fresh.db.select().from(releases).where(eq(releases.releaseSequence, 13));
  assert.is(row!.releaseNotes, '*New*');
  assert.is((await desk.ask('PATCH', path, { revision: 0, releaseNotes: 'Mine' })).status, 409);
  const { body: made } = await make(desk, '3.0.0');
  const free = await desk.ask<ReleaseDetails>(
    'PATCH',
    `/api/apps/acme/releases/${made.releaseSequence}`,
    { revision: 0, versionLabel: '3.0.1' },
  );
  assert.is(free.body.versionLabel, '3.0.1');
  assert.is((await desk.ask('PATCH', '/api/apps/acme/releases/x', { revision: 0 })).status, 404);
});

test('a demoted release is offered no longer, and a restored one again', async ({ desk }) => {
  const path = '/api/channels/acme-stable/releases/3';
  const latest = async () =>
    (await desk.ask<AppDetails>('GET', '/api/apps/acme')).body.channels[1]!.latest?.versionLabel;
  const demoted = await desk.ask<ReleaseDetails>('PATCH', path, { revision: 0, demoted: true });
  assert.is(demoted.status, 200);
  assert.ok(demoted.body.promotions[0]!.demotedAt);
  assert.is(await latest(), '1.1.0');
  const again = await desk.ask<ReleaseDetails>('PATCH', path, { revision: 1, demoted: true });
  assert.equal(again.body.promotions[0], demoted.body.promotions[0], 'it is demoted already');
  const restored = await desk.ask<ReleaseDetails>('PATCH', path, {
    revision: 1,
    demoted: false,
    isRequired: true,
  });
  assert.equal(
    [restored.body.promotions[0]!.demotedAt, restored.body.promotions[0]!.isRequired],
    [null, true],
  );
  assert.is(await latest(), '1.2.0');
  assert.is((await desk.ask('PATCH', path, { revision: 0, demoted: true })).status, 409);
  const none = '/api/channels/acme-stable/releases/99';
  assert.is((await desk.ask('PATCH', none, { revision: 0, demoted: true })).status, 404);
});

test('notes as long as they may be are taken', async ({ desk }) => {
  assert.is((await make(desk, 'long', 'ü'.repeat(100_000))).status, 201);
  const longer = await make(desk, 'longer', 'ü'.repeat(100_001));
  assert.is(longer.message, 'releaseNotes: must be at most 100000 characters long.');
});

test.run();
