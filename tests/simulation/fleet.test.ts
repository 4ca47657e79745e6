import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFleet } from '#server/catalog/parse-fleet.ts';
import { clusterKinds } from '../../scripts/simulation/clusters.ts';
import { createFleet, createNewcomers, fleetDocument } from '../../scripts/simulation/fleet.ts';
import { moods } from '../../scripts/simulation/model.ts';

const now = Date.UTC(2026, 10, 24, 12);
const fleet = createFleet({ seed: 'demo', now });

test('the same seed and moment make the same fleet', () => {
  assert.equal(createFleet({ seed: 'demo', now }), fleet);
  const other = createFleet({ seed: 'another', now });
  assert.is.not(other.instances[0]?.instanceId, fleet.instances[0]?.instanceId);
});

test('there are sixty instances at about twenty customers, in every distribution, voice and mood', () => {
  assert.is(fleet.instances.length, 60);
  assert.is(fleet.customers.length, 21);
  const distributions = new Set(fleet.instances.map(({ distribution }) => distribution));
  assert.is(distributions.size, clusterKinds.length);
  assert.is(new Set(fleet.instances.map(({ mood }) => mood)).size, moods.length);
  const voices = new Set(fleet.instances.map(({ voice }) => voice));
  assert.equal([...voices].sort(), ['airgap', 'both', 'kots', 'plain', 'sdk']);
});

test('instances call themselves by UUIDs and by KSUIDs, each by its own', () => {
  const ids = fleet.instances.map(({ instanceId }) => instanceId);
  assert.is(new Set(ids).size, ids.length);
  assert.ok(
    ids.some((id) =>
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id),
    ),
  );
  assert.ok(ids.some((id) => /^[0-9A-Za-z]{27}$/.test(id)));
});

test('some license has ended, some customer is archived, and one license is a community one', () => {
  const ended = fleet.customers.filter(({ license }) => (license.expiresAt ?? Infinity) < now);
  assert.equal(
    ended.map(({ id }) => id),
    ['glasswing'],
  );
  assert.equal(
    fleet.customers.filter(({ archived }) => archived).map(({ id }) => id),
    ['old-pier'],
  );
  const [community] = fleet.customers.filter(({ license }) => license.type === 'community');
  assert.is(community?.license.expiresAt, null);
  assert.not.ok(community?.license.features.includes('airgap'));
});

test('releases are in order, and the newest is a few days old', () => {
  for (const { releases } of fleet.apps.flatMap(({ channels }) => channels)) {
    assert.ok(releases.length >= 12 && releases.length <= 20);
    releases.forEach((release, index) => {
      assert.is(release.channelSequence, index + 1);
      assert.ok(release.promotedAt > (releases[index - 1]?.promotedAt ?? 0));
      assert.ok(release.promotedAt < now);
    });
  }
});

test('every instance was installed under a license that existed', () => {
  const created = new Map(fleet.customers.map(({ id, license }) => [id, license.createdAt]));
  for (const { customerId, installedAt } of fleet.instances) {
    assert.ok(installedAt > (created.get(customerId) ?? Infinity));
    assert.ok(installedAt < now);
  }
});

test('the importer takes both documents', () => {
  for (const open of [true, false]) {
    const parsed = parseFleet(fleetDocument(fleet, { open }));
    assert.is(parsed.apps.flatMap(({ customers }) => customers).length, 21);
  }
});

test('the open document has every license valid, the other one as they are now', () => {
  const ends = (open: boolean) =>
    JSON.stringify(fleetDocument(fleet, { open })).match(/"archived":true/g)?.length ?? 0;
  assert.is(ends(true), 0);
  assert.is(ends(false), 1);
});

test('a large fleet has enough customers that no license is refused its new instances', () => {
  const large = createFleet({ seed: 'load', now, instances: 10_000 });
  const perLicense = new Map<string, number>();
  for (const { licenseId } of large.instances) {
    perLicense.set(licenseId, (perLicense.get(licenseId) ?? 0) + 1);
  }
  assert.is(large.instances.length, 10_000);
  assert.ok(Math.max(...perLicense.values()) <= 200);
});

test('newcomers come up at customers that may report, and are the same ones each time', () => {
  const newcomers = createNewcomers(fleet, 6);
  assert.equal(createNewcomers(fleet, 6), newcomers);
  const known = new Set(fleet.instances.map(({ instanceId }) => instanceId));
  assert.ok(newcomers.every(({ instanceId }) => !known.has(instanceId)));
});

test.run();
