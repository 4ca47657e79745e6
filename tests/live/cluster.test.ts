import { strict as assert } from 'node:assert';
import { createClient } from 'redis';
import { suite } from 'uvu';
import { skipAloud } from '../support/skip.ts';
import { type Heard, type Hub, nothingElse, sleep, startHub, until, view, watch } from './hub.ts';
import { MemoryReports } from './memory-reports.ts';
import { type TestRedis, hasRedis, startRedis } from './redis.ts';

const test = suite<{ memory: MemoryReports; redis: TestRedis; hubs: [Hub, Hub] }>(
  'several processes',
);
const customer = { kind: 'customer', customerId: 'geeglo' } as const;
const lastBeat = (heard: Heard[]) =>
  heard.findLast(({ event }) => event === 'beat')?.message as
    { ok: boolean; reason?: string } | undefined;
const count = (heard: Heard[], event: Heard['event']) =>
  heard.filter((one) => one.event === event).length;

test.before.each(async (context) => {
  context.memory = new MemoryReports();
  context.memory.add(1);
  context.redis = await startRedis();
  const options = { memory: context.memory, redisUrl: context.redis.url, beatEvery: 200 };
  context.hubs = [await startHub(options), await startHub(options)];
});
test.after.each(async ({ redis, hubs }) => {
  await Promise.all(hubs.map((hub) => hub.stop()));
  await redis.stop();
});

/** A viewer at each process, both vouched for. */
async function viewers(hubs: [Hub, Hub]) {
  const [one, two] = [await view(hubs[0].url), await view(hubs[1].url)];
  for (const { socket, heard } of [one, two]) {
    await watch(socket, customer);
    await until('a good beat', () => lastBeat(heard)?.ok === true, 6_000);
  }
  return [one, two] as const;
}

const cases: [
  name: string,
  run: (context: { memory: MemoryReports; redis: TestRedis; hubs: [Hub, Hub] }) => Promise<void>,
][] = [
  [
    'a change recorded by one process reaches the viewers of another, once, numbered by their own',
    async ({ memory, hubs }) => {
      const [one, two] = await viewers(hubs);
      for (let round = 0; round < 5; round += 1) {
        hubs[round % 2]!.live.publisher.publish({
          ...nothingElse,
          changed: [memory.change(1, {})],
        });
        await sleep(150);
      }
      for (const { heard } of [one, two]) {
        await until('the last', () => JSON.stringify(heard).includes('"revision":6'));
        assert.equal(count(heard, 'instances:changed'), 5);
        assert.equal(count(heard, 'scope:stale'), 0);
      }
      assert.notEqual(one.heard.at(-1)?.message.origin, two.heard.at(-1)?.message.origin);
    },
  ],
  [
    'while Redis is away beats are not ok; when it is back viewers fetch again, and changes flow',
    async ({ memory, redis, hubs }) => {
      const [one, two] = await viewers(hubs);
      await redis.kill();
      hubs[0].live.publisher.publish({ ...nothingElse, changed: [memory.change(1, {})] });
      await until(
        'own viewers are told all the same',
        () => count(one.heard, 'instances:changed') === 1,
      );
      await until('a bad beat', () => lastBeat(two.heard)?.ok === false, 8_000);
      assert.match(lastBeat(two.heard)?.reason ?? '', /other server processes/);
      await redis.start();
      await until(
        'a good beat',
        () => [one, two].every(({ heard }) => lastBeat(heard)?.ok),
        12_000,
      );
      await until('stale', () => count(two.heard, 'scope:stale') > 0);
      const before = count(two.heard, 'instances:changed');
      await sleep(300);
      hubs[0].live.publisher.publish({ ...nothingElse, changed: [memory.change(1, {})] });
      await until('changes flow', () => count(two.heard, 'instances:changed') > before);
    },
  ],
  [
    'a message lost between two processes is noticed by the next probe',
    async ({ memory, redis, hubs }) => {
      const [one, two] = await viewers(hubs);
      await sleep(300);
      await silence(redis.url, async () => {
        hubs[0].live.publisher.publish({ ...nothingElse, changed: [memory.change(1, {})] });
        await until('own viewers', () => count(one.heard, 'instances:changed') === 1);
      });
      await until('stale', () => count(two.heard, 'scope:stale') > 0, 15_000);
    },
  ],
  [
    'a process that ends in good order alarms nobody',
    async ({ hubs }) => {
      const [, two] = await viewers(hubs);
      await sleep(300);
      const before = count(two.heard, 'scope:stale');
      await hubs[0].stop();
      await sleep(800);
      assert.equal(count(two.heard, 'scope:stale'), before);
      assert.equal(lastBeat(two.heard)?.ok, true);
    },
  ],
];

for (const [name, run] of cases) {
  if (hasRedis()) test(name, run);
  else skipAloud(test as never, name, 'redis-server is not on the PATH');
}

/** Cuts every subscriber off while `during` runs, so that what is published then reaches nobody. */
async function silence(url: string, during: () => Promise<void>): Promise<void> {
  const client = await createClient({ url })
    .on('error', () => {})
    .connect();
  try {
    await client.sendCommand(['CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 1 1 1']);
    await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
    await during();
  } finally {
    await client.sendCommand([
      'CONFIG',
      'SET',
      'client-output-buffer-limit',
      'pubsub 33554432 8388608 60',
    ]);
    await client.close();
  }
}

test.run();
