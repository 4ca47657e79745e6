import { strict as assert } from 'node:assert';
import type { InstanceSummary } from '#contract/instance.ts';
import {
  type LiveRow,
  type Rows,
  mergeChanged,
  mergeSeen,
  mergeState,
  removeLeft,
  rowsOf,
} from '#lib/live/merge.ts';
import fc from 'fast-check';
import { test } from 'uvu';
import { blank } from '../live/memory-reports.ts';

const instant = (ms: number) => new Date(Date.parse('2026-11-24T00:00:00Z') + ms).toISOString();
const row = (id: number, patch: Partial<LiveRow> = {}): LiveRow => ({
  ...blank,
  id,
  closedDays: [[1, 2, 3]],
  asOf: instant(0),
  ...patch,
});
const rowsWith = (...rows: LiveRow[]): Rows => new Map(rows.map((one) => [one.id, one]));

test('a higher revision replaces the state, a lower one does nothing', () => {
  const rows = rowsWith(row(1, { revision: 5, lastCheckInAt: instant(0) }));
  const summary = { ...blank, id: 1, status: 'missing', lastCheckInAt: instant(0) } as const;
  assert.equal(
    mergeChanged(rows, { asOf: instant(9), instances: [{ ...summary, revision: 4 }] }),
    rows,
  );
  const merged = mergeChanged(rows, { asOf: instant(9), instances: [{ ...summary, revision: 6 }] });
  assert.equal(merged.get(1)?.status, 'missing');
  assert.equal(merged.get(1)?.asOf, instant(9));
  assert.deepEqual(merged.get(1)?.closedDays, [[1, 2, 3]], 'closed days stay');
});

test('a check-in moves the age and the moment of being late, never backwards', () => {
  const rows = rowsWith(row(1, { lastCheckInAt: instant(1000), lateAfter: 60 }));
  assert.equal(mergeSeen(rows, [[1, instant(999)]]), rows);
  const seen = mergeSeen(rows, [[1, instant(5000)]]).get(1);
  assert.equal(seen?.lastCheckInAt, instant(5000));
  assert.equal(seen?.lateAt, instant(65_000));
});

test('the newest check-in survives a newer state that knows an older one', () => {
  const rows = mergeSeen(rowsWith(row(1, { lastCheckInAt: instant(0) })), [[1, instant(5000)]]);
  const state = { ...blank, id: 1, revision: 9, lastCheckInAt: instant(4000), lateAfter: 100 };
  const merged = mergeChanged(rows, { asOf: instant(1), instances: [state] }).get(1);
  assert.equal(merged?.revision, 9);
  assert.equal(merged?.lastCheckInAt, instant(5000));
  assert.equal(merged?.lateAt, instant(105_000));
});

test('an air gap instance is never late', () => {
  const rows = rowsWith(row(1, { lateAfter: null, lateAt: null }));
  assert.equal(mergeSeen(rows, [[1, instant(5000)]]).get(1)?.lateAt, null);
});

test('unknown instances are taken only where they are wanted', () => {
  const rows = rowsWith(row(1));
  const message = { asOf: instant(1), instances: [{ ...blank, id: 2 }] };
  assert.equal(mergeChanged(rows, message), rows);
  assert.deepEqual(mergeChanged(rows, message, true).get(2)?.closedDays, []);
});

test('instances that left are removed, and nothing is redrawn when none was here', () => {
  const rows = rowsWith(row(1), row(2));
  assert.deepEqual([...removeLeft(rows, [2, 3]).keys()], [1]);
  assert.equal(removeLeft(rows, [3]), rows);
});

test('a snapshot keeps the order of its rows', () => {
  const rows = rowsOf({ asOf: instant(0), rows: [row(3), row(1), row(2)] });
  assert.deepEqual([...rows.keys()], [3, 1, 2]);
});

const state = fc
  .record({
    revision: fc.integer({ min: 1, max: 6 }),
    asOf: fc.integer({ min: 0, max: 3 }),
    lastCheckInAt: fc.integer({ min: 0, max: 50_000 }),
    lateAfter: fc.constantFrom(60, 3600, null),
    heard: fc.boolean(),
  })
  .map(({ revision, asOf, lastCheckInAt, lateAfter, heard }) => ({
    kind: 'changed' as const,
    asOf: instant(asOf),
    // One revision read at one moment is one state.
    instance: {
      ...blank,
      id: 1,
      revision,
      versionLabel: `${revision}`,
      lastCheckInAt: instant(lastCheckInAt),
      lateAfter,
      // Rollcall was deaf for a minute: late that much later.
      lateAt:
        lateAfter === null
          ? null
          : instant(lastCheckInAt + lateAfter * 1000 + (heard ? 0 : 60_000)),
    } satisfies InstanceSummary,
  }));
const seen = fc
  .integer({ min: 0, max: 50_000 })
  .map((at) => ({ kind: 'seen' as const, at: instant(at) }));
type Message =
  { kind: 'changed'; asOf: string; instance: InstanceSummary } | { kind: 'seen'; at: string };

function fold(rows: Rows, messages: Message[]): LiveRow | undefined {
  for (const message of messages) {
    if (message.kind === 'seen') rows = mergeSeen(rows, [[1, message.at]]);
    else rows = mergeChanged(rows, { asOf: message.asOf, instances: [message.instance] });
  }
  return rows.get(1);
}

test('messages in any order, and repeated, end in the same state', () => {
  const unique = fc.uniqueArray(fc.oneof(state, seen), {
    minLength: 1,
    maxLength: 8,
    selector: (message) =>
      message.kind === 'seen' ? message.at : `${message.instance.revision}/${message.asOf}`,
  });
  const orders = unique.chain((messages) =>
    fc.tuple(
      fc.constant(messages),
      fc.shuffledSubarray([...messages, ...messages], {
        minLength: messages.length * 2,
        maxLength: messages.length * 2,
      }),
    ),
  );
  fc.assert(
    fc.property(orders, ([messages, other]) => {
      // Two states that name the same newest check-in agree on when it is late only if they are one reading.
      const start = rowsWith(row(1, { revision: 0, lastCheckInAt: instant(0), lateAt: null }));
      const one = fold(start, messages);
      const two = fold(start, other);
      assert.deepEqual(two, one);
    }),
    { numRuns: 500 },
  );
});

test('a snapshot merged over messages, or messages over a snapshot, end in the same state', () => {
  fc.assert(
    fc.property(state, fc.array(fc.oneof(state, seen), { maxLength: 6 }), (fresh, messages) => {
      const start = row(1, { revision: 0, lastCheckInAt: instant(-1), lateAt: null });
      const distinct = messages.filter(
        (one) => one.kind === 'seen' || one.instance.revision !== fresh.instance.revision,
      );
      const over = fold(rowsWith(mergeState(start, fresh.instance, fresh.asOf)), distinct);
      const under = fold(rowsWith(start), distinct);
      assert.ok(under && over);
      assert.deepEqual(mergeState(under, fresh.instance, fresh.asOf), over);
    }),
  );
});

test.run();
