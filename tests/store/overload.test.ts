import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AppError } from '#server/errors.ts';
import { createGroupCommit } from '#server/group-commit.ts';
import { until } from '../live/hub.ts';
import { silentLog } from '../support/spine.ts';

/** A database that commits when it is told to. */
function openGate() {
  const batches: { items: string[]; commit: () => void }[] = [];
  const queue = createGroupCommit<string, string>({
    limit: 2,
    queueLimit: 20,
    weight: () => 1,
    log: silentLog,
    run: (items) => new Promise((resolve) => batches.push({ items, commit: () => resolve(items) })),
  });
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
  const taken = [queue.add('first')];
  const first = await next();
  for (let n = 0; n < 20; n += 1) taken.push(queue.add(`waiting ${n}`));
  assert.is(
    refusal(() => queue.requireRoom()),
    null,
    'full, but nobody was refused yet',
  );
  const outcome = await queue.add('too much').catch((error: unknown) => error);
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
  const batches: { items: string[]; commit: () => void }[] = [];
  const queue = createGroupCommit<string, string>({
    limit: 10,
    queueLimit: 4,
    weight: () => 1,
    laneOf: (item) => item.slice(0, 1),
    log: silentLog,
    run: (items) => new Promise((resolve) => batches.push({ items, commit: () => resolve(items) })),
  });
  const underWay = (count: number) => until('batches', () => batches.length === count);
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

test.run();
