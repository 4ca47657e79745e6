import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AppError } from '#server/errors.ts';
import { createGroupCommit } from '#server/group-commit.ts';
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

test.run();
