import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createFleet } from '../../scripts/simulation/fleet.ts';
import { type History, mostReports, writeHistory } from '../../scripts/simulation/history.ts';
import { type InstanceScript, day } from '../../scripts/simulation/model.ts';
import { writeArchive } from '../../scripts/simulation/plain-client.ts';
import { createRandom } from '../../scripts/simulation/random.ts';
import { plainCheckIn } from '#server/ingest/plain-door.ts';

const now = Date.UTC(2026, 10, 24, 12);
const fleet = createFleet({ seed: 'demo', now });
const tell = (script: InstanceScript): History =>
  writeHistory(script, now, createRandom(`history ${script.instanceId}`));
const told = fleet.instances.map((script) => ({ script, history: tell(script) }));

test('the same script, moment and chance tell the same history', () => {
  for (const { script, history } of told.slice(0, 5)) assert.equal(tell(script), history);
});

test('a history is in order, within ninety days, and fits one request of the plain door', () => {
  for (const { script, history } of told) {
    const times = history.reports.map(({ at }) => at);
    assert.ok(times.length > 10 && times.length <= mostReports);
    times.forEach((at, index) => assert.ok(at > (times[index - 1] ?? 0)));
    assert.ok((times[0] ?? 0) >= now - 91 * day);
    assert.ok((times.at(-1) ?? Infinity) <= now);
    assert.ok(JSON.stringify(writeArchive(script, history)).length < 1_000_000);
  }
});

test('the plain door takes every report', () => {
  for (const { script, history } of told) {
    for (const report of writeArchive(script, history)) {
      const parsed = plainCheckIn.safeParse(report);
      assert.ok(parsed.success, parsed.error?.message);
    }
  }
});

test('the first report says all, and the last leaves the instance where its life goes on', () => {
  for (const { script, history } of told) {
    const first = script.mood === 'unmonitored' ? 'ready' : 'missing';
    assert.is(history.reports[0]?.says.status, first);
    assert.ok((history.reports[0]?.says.channelSequence ?? 0) > 0);
    assert.is(history.reports.at(-1)?.says.status, history.said.status);
  }
});

test('at the end most are ready, a few are not, and one never was', () => {
  const ready = told.filter(({ history }) => history.said.status === 'ready');
  assert.ok(ready.length > 0.85 * told.length && ready.length < told.length);
  const never = told.filter(({ history }) =>
    history.reports.every(({ says }) => says.status !== 'ready'),
  );
  assert.equal(
    never.map(({ script }) => script.mood),
    ['stuck'],
  );
});

test('the one without status informers never says anything but ready', () => {
  const [one] = told.filter(({ script }) => script.mood === 'unmonitored');
  assert.ok(one?.history.reports.every(({ says }) => says.status === 'ready'));
});

test('a gap of more than a day is there in the last two weeks of the gappy ones', () => {
  for (const { script, history } of told.filter(({ script }) => script.mood === 'gappy')) {
    const times = history.reports.map(({ at }) => at).filter((at) => at > now - 14 * day);
    const longest = Math.max(...times.map((at, index) => at - (times[index - 1] ?? at)));
    assert.ok(longest > day, script.instanceId);
  }
});

test('instances follow their channel: versions only grow, and most run a recent release', () => {
  let behind = 0;
  for (const { script, history } of told) {
    const sequences = history.reports.flatMap(({ says }) => says.channelSequence ?? []);
    sequences.forEach((sequence, index) => assert.ok(sequence >= (sequences[index - 1] ?? 0)));
    if (history.said.channelSequence < script.channel.releases.length) behind += 1;
  }
  assert.ok(behind > 5 && behind < told.length / 2);
});

test.run();
