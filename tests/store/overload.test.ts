import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AppError } from '#server/errors.ts';
import { createGroupCommit } from '#server/group-commit.ts';
import { until } from '../live/hub.ts';
import { silentLog } from '../support/spine.ts';

/** A database that commits when it is told to. An item's lane is its first letter, and it is about itself. */
function openQueue({ limit, queueLimit }: { limit: number; queueLimit: number }) {
  const batches: { items: string[]; commit: () => void }[] = [];
  const queue = createGroupCommit<string, string, string>({
    limit,
    queueLimit,
    weight: () => 1,
    laneOf: (item) => item.slice(0, 1),
    keysOf: (item) => [item],
    log: silentLog,
    run: (items) => new Promise((resolve) => batches.push({ items, commit: () => resolve(items) })),
  });
  const underWay = (count: number) => until('batches', () => batches.length === count);
  return { batches, queue, underWay };
}

function openGate() {
  const { batches, queue } = openQueue({ limit: 2, queueLimit: 20 });
  const next = async () => {
    while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
    return batches.shift()!;
  };
  return { queue, next };
}

const refusal = (work: () => unknown) => {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof AppError ? error : assert.unreachable(String(error));
  }
};

test('a full queue refuses, and refuses unread until a tenth of it is empty again', async () => {
  const { queue, next } = openGate();
  const taken = [queue.add('all first')];
  const first = await next();
  for (let n = 0; n < 20; n += 1) taken.push(queue.add(`all waiting ${n}`));
  assert.is(
    refusal(() => queue.requireRoom()),
    null,
    'full, but nobody was refused yet',
  );
  const outcome = await queue.add('all too much').catch((error: unknown) => error);
  assert.instance(outcome, AppError);
  assert.is((outcome as AppError).code, 'overloaded');
  assert.is((outcome as AppError).retryAfter, 2);
  assert.is(refusal(() => queue.requireRoom())?.code, 'overloaded');

  first.commit();
  const second = await next();
  assert.is(refusal(() => queue.requireRoom())?.code, 'overloaded', '18 of 20 still wait');
  second.commit();
  const third = await next();
  assert.is(
    refusal(() => queue.requireRoom()),
    null,
  );
  third.commit();
  for (let n = 0; n < 8; n += 1) (await next()).commit();
  assert.is((await Promise.all(taken)).length, 21, 'whatever was taken is answered');
  await queue.close();
});

test('what takes another lane neither waits nor shares a batch, but counts as waiting all the same', async () => {
  const { batches, queue, underWay } = openQueue({ limit: 10, queueLimit: 4 });
  const first = queue.add('a1');
  await underWay(1);
  const others = ['a2', 'b1', 'b2'].map((item) => queue.add(item));
  await underWay(2);
  assert.equal(
    batches.map(({ items }) => items),
    [['a1'], ['b1', 'b2']],
  );
  const more = ['a3', 'a4', 'b3'].map((item) => queue.add(item));
  assert.is(queue.stats().waiting, 4, 'of both lanes');
  assert.instance(await queue.add('b4').catch((error: unknown) => error), AppError);

  batches[1]!.commit();
  await underWay(3);
  assert.equal(await Promise.all(others.slice(1)), ['b1', 'b2']);
  batches[0]!.commit();
  await underWay(4);
  assert.equal(
    batches.slice(2).map(({ items }) => items),
    [['b3'], ['a2', 'a3', 'a4']],
  );
  const closed = queue.close();
  for (const { commit } of batches) commit();
  await closed;
  assert.equal(await Promise.all([first, ...others, ...more]), 'a1 a2 b1 b2 a3 a4 b3'.split(' '));
});

test('a second batch begins while the first is under way once 32 wait, and never a third', async () => {
  const { batches, queue, underWay } = openQueue({ limit: 500, queueLimit: 1000 });
  const all = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, n) => `a${from + n}`);
  const taken = [queue.add('a0')];
  await underWay(1);
  taken.push(...all(1, 32).map(queue.add));
  await fewTurns();
  assert.is(batches.length, 1, '31 wait for more');
  taken.push(...all(32, 33).map(queue.add));
  await underWay(2);
  assert.equal(batches[1]!.items, all(1, 33));
  taken.push(...all(33, 100).map(queue.add));
  await fewTurns();
  assert.is(batches.length, 2);
  batches[1]!.commit();
  await underWay(3);
  assert.equal(batches[2]!.items, all(33, 100), 'the first is still under way');
  const closed = queue.close();
  batches[0]!.commit();
  batches[2]!.commit();
  await closed;
  assert.equal(await Promise.all(taken), all(0, 100));
});

test('what is about something that is under way waits for it, and what came later behind it', async () => {
  const { batches, queue, underWay } = openQueue({ limit: 500, queueLimit: 1000 });
  const more = Array.from({ length: 40 }, (_, n) => `a${n}`);
  const taken = [queue.add('again')];
  await underWay(1);
  taken.push(...[...more, 'again', 'and another'].map(queue.add));
  await underWay(2);
  assert.equal(batches[1]!.items, more);
  taken.push(...more.map(queue.add));
  await fewTurns();
  assert.is(batches.length, 2, 'though 42 wait');
  batches[0]!.commit();
  await underWay(3);
  assert.equal(batches[2]!.items, ['again', 'and another']);
  batches[1]!.commit();
  await underWay(4);
  assert.equal(batches[3]!.items, more);
  const closed = queue.close();
  for (const { commit } of batches.slice(2)) commit();
  await closed;
  await Promise.all(taken);
});

const fewTurns = async () => {
  for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve));
};

test.run();
