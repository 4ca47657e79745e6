import { strict as assert } from 'node:assert';
import { digestOf, isBehind } from '#lib/live/digest.ts';
import { RoomCount } from '#lib/live/gap.ts';
import { test } from 'uvu';

const watching = { origin: 'a', room: 'customer:geeglo', seq: 4 };
const message = (seq: number, patch = {}) => ({ ...watching, seq, ...patch });

test('messages in a row are next, and a repeated one is a duplicate', () => {
  const count = new RoomCount(watching);
  assert.equal(count.take(message(5)), 'next');
  assert.equal(count.take(message(6)), 'next');
  assert.equal(count.take(message(6)), 'duplicate');
  assert.equal(count.take(message(3)), 'duplicate');
});

test('a number that is left out is missing, once', () => {
  const count = new RoomCount(watching);
  assert.equal(count.take(message(7)), 'missing');
  assert.equal(count.take(message(8)), 'next');
});

test('another room is foreign; another process numbers anew, so something is missing', () => {
  const count = new RoomCount(watching);
  assert.equal(count.take(message(5, { room: 'customer:other' })), 'foreign');
  assert.equal(count.take(message(5, { origin: 'b' })), 'missing');
});

test('a beat that names a higher number, no number, or another process shows a loss', () => {
  const count = new RoomCount(watching);
  assert.ok(count.isUpTo('a', 4));
  assert.ok(count.isUpTo('a', 3), 'an answer may have left before the last message');
  assert.ok(!count.isUpTo('a', 5));
  assert.ok(!count.isUpTo('a', undefined));
  assert.ok(!count.isUpTo('b', 4));
});

const known = (revision: number, second: number) => ({
  revision,
  lastCheckInAt: new Date(Date.UTC(2026, 10, 24, 0, 0, second)).toISOString(),
});

test('a page is behind if it lacks a revision, a check-in or an instance that the server had', () => {
  const server = digestOf([known(2, 5), known(3, 9)]);
  assert.ok(!isBehind(digestOf([known(3, 9), known(2, 5)]), server));
  assert.ok(!isBehind(digestOf([known(4, 11), known(2, 5)]), server), 'ahead is well');
  assert.ok(isBehind(digestOf([known(2, 5), known(2, 9)]), server));
  assert.ok(isBehind(digestOf([known(2, 5), known(3, 8)]), server));
  assert.ok(isBehind(digestOf([known(9, 9)]), server));
  assert.ok(isBehind(digestOf([]), server));
  assert.ok(!isBehind(digestOf([]), digestOf([])));
});

test.run();
