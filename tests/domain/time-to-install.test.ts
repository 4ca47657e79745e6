import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { timeToInstall } from '#domain/time-to-install.ts';
import { firstReady } from '#domain/uptime.ts';
import { daysBehind, latestRelease, versionAge, versionsBehind } from '#domain/versions.ts';
import { day, hour, on, start } from './build.ts';

test('a customer’s times are those of the instance whose first ready is the most recent', () => {
  const a = { name: 'A', firstSeenAt: on(2, '08:30'), firstReadyAt: on(2, '09:00') };
  const b = {
    name: 'B',
    firstSeenAt: on(2, '07:00'),
    firstReadyAt: firstReady([
      { at: on(2, '07:30'), after: 'updating' },
      { at: on(2, '08:00'), after: 'ready' },
      { at: on(2, '09:00'), after: 'degraded' },
      { at: on(2, '10:00'), after: 'ready' },
    ]),
  };
  for (const instances of [
    [a, b],
    [b, a],
  ]) {
    const times = timeToInstall(instances, on(1, '09:00'));
    assert.is(times?.instance.name, 'A');
    assert.is(times?.instanceTime, 0.5 * hour);
    assert.is(times?.licenseTime, day);
  }
});

test('without an instance that was ever ready there are none', () => {
  assert.is(timeToInstall([], start), null);
  assert.is(timeToInstall([{ firstSeenAt: start, firstReadyAt: null }], start), null);
  assert.is(firstReady([{ at: start, after: 'unmonitored' }]), null);
});

test('of any instances it is the latest first ready', () => {
  const times = fc.record({ firstSeenAt: fc.nat(), firstReadyAt: fc.option(fc.nat()) });
  fc.assert(
    fc.property(fc.array(times), (instances) => {
      const ready = instances.flatMap(({ firstReadyAt }) => firstReadyAt ?? []);
      const result = timeToInstall(instances, 0);
      assert.is(result?.licenseTime ?? null, ready.length === 0 ? null : Math.max(...ready));
    }),
  );
});

const releases = [1, 2, 3, 4].map((channelSequence) => ({
  channelSequence,
  promotedAt: start + (channelSequence * channelSequence - 1) * day,
  demotedAt: null as number | null,
}));
const running = { promotedAt: start };

test('behind are the releases promoted after the running one', () => {
  assert.is(versionsBehind(releases, 1), 3);
  assert.is(versionsBehind(releases, 4), 0);
});

test('a release that is offered no longer is not what one is behind of', () => {
  const demoted = releases.map((it) =>
    it.channelSequence === 4 ? { ...it, demotedAt: start } : it,
  );
  assert.is(versionsBehind(demoted, 1), 2);
  assert.is(latestRelease(demoted)?.channelSequence, 3);
  assert.is(latestRelease([]), null);
});

test('age is since promotion, days behind between the promotions', () => {
  assert.is(versionAge(running, start + 5 * day), 5 * day);
  const latest = latestRelease(releases);
  assert.is(latest && daysBehind(running, latest), 15);
  assert.is(latest && daysBehind(latest, latest), 0);
  assert.is(daysBehind({ promotedAt: start + day }, running), 0);
});

test.run();
