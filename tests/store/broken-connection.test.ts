import {
  connect as dial,
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase, type OpenDatabase } from '#db/client.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

interface Line {
  server: Server;
  /** Both ends of each connection that goes through it. */
  pairs: [client: Socket, database: Socket][];
  /** Set: what a client says is changed on its way. */
  garble: ((said: Buffer) => Buffer) | null;
}
interface Context {
  fresh: FreshDatabase;
  line: Line;
  open: OpenDatabase;
}

// What breaks here ends the process where it is not caught, and with it this file.
const test = suite<Context>('a connection that breaks');

/** A way to the database that can be cut. */
async function layLine({ hostname, port }: URL): Promise<Line> {
  const pairs: Line['pairs'] = [];
  const server = createServer((client) => {
    const database = dial(Number(port), hostname);
    pairs.push([client, database]);
    for (const end of [client, database]) end.on('error', () => undefined);
    const change = new Transform({
      transform: (said: Buffer, _, done) => done(null, line.garble?.(said) ?? said),
    });
    client.pipe(change).pipe(database).pipe(client);
  });
  const line: Line = { server, pairs, garble: null };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return line;
}

test.before(async (context) => {
  context.fresh = await freshDatabase();
  const url = new URL(context.fresh.open.url);
  context.line = await layLine(url);
  url.hostname = '127.0.0.1';
  url.port = String((context.line.server.address() as AddressInfo).port);
  context.open = await openDatabase({ databaseUrl: url.toString(), dataDir: '' }, { max: 1 });
});
test.after(async ({ fresh, line, open }) => {
  await open.close();
  line.server.close();
  await fresh.close();
});

const cuts: Record<string, (context: Context) => Promise<unknown> | void> = {
  'is closed': ({ line }) =>
    line.pairs.forEach(([client, database]) => (client.end(), database.destroy())),
  'is torn': ({ line }) =>
    line.pairs.forEach(([client, database]) => (client.resetAndDestroy(), database.destroy())),
  'is ended by the database': async ({ fresh }) =>
    await fresh.db.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'rollcall' and pid <> pg_backend_pid()`),
};

type Tx = Parameters<Parameters<OpenDatabase['db']['transaction']>[0]>[0];
const lasts = (tx: Tx) => tx.execute(sql`select pg_sleep(20)`);
const moments: Record<string, (tx: Tx, cut: () => unknown) => Promise<unknown>> = {
  'while a statement runs': async (tx, cut) => {
    setTimeout(cut, 50);
    await lasts(tx);
  },
  'while several wait': async (tx, cut) => {
    setTimeout(cut, 50);
    await Promise.all([lasts(tx), lasts(tx), lasts(tx)]);
  },
  'between two': async (tx, cut) => {
    await cut();
    await sleep(50);
    await tx.execute(sql`select 1`);
  },
  'before the end': async (_, cut) => {
    await cut();
    await sleep(50);
  },
  'before it fails by itself': async (_, cut) => {
    await cut();
    await sleep(50);
    throw new Error('something else');
  },
};

for (const [how, cut] of Object.entries(cuts)) {
  for (const [when, use] of Object.entries(moments)) {
    test(`a transaction fails whose connection ${how} ${when}, and the next one stands`, async (context) => {
      const { db } = context.open;
      const broken = db.transaction(async (tx) => {
        await tx.execute(sql`select 1`);
        await use(tx, () => cut(context));
      });
      await broken.then(
        () => assert.unreachable('it was committed'),
        (error: Error) => assert.instance(error, Error),
      );
      // The first one may still be told what the database said when it ended the connection.
      const next = () => db.transaction((tx) => tx.execute(sql`select 1 as one`));
      const [row] = await next().catch(next);
      assert.equal(row, { one: 1 });
    });
  }
}

for (const tear of ['end', 'resetAndDestroy'] as const) {
  test(`a transaction fails whose connection breaks over its BEGIN (${tear}), and the next one stands`, async ({
    open,
    line,
  }) => {
    const { db } = open;
    await db.execute(sql`select 1`);
    line.garble = (said) => {
      if (!said.includes('begin')) return said;
      for (const [client, database] of line.pairs) {
        client[tear]();
        database.destroy();
      }
      return Buffer.alloc(0);
    };
    const broken = db.transaction((tx) => tx.execute(sql`select 1`));
    await broken.then(
      () => assert.unreachable('it was committed'),
      (error: Error) => assert.instance(error, Error),
    );
    line.garble = null;
    const next = () => db.transaction((tx) => tx.execute(sql`select 1 as one`));
    const [row] = await next().catch(next);
    assert.equal(row, { one: 1 });
  });
}

test('a statement that comes after the end of its transaction is refused', async ({ open }) => {
  const late = await open.db.transaction((tx) => {
    const said = sleep(0).then(() => tx.execute(sql`select 1`));
    said.catch(() => undefined);
    return Promise.resolve({ said });
  });
  await late.said.then(
    () => assert.unreachable('it was said outside of the transaction'),
    (error: Error) => assert.match(String(error.cause ?? error), /closed|to be committed/),
  );
});

test('a transaction that fails by itself is taken back, and its fault is told', async ({
  open,
}) => {
  await open.db.execute(sql`create table said (what text)`);
  const failing = open.db.transaction(async (tx) => {
    await tx.execute(sql`insert into said values ('half')`);
    throw new Error('not so');
  });
  await failing.catch((error: Error) => assert.is(error.message, 'not so'));
  assert.equal([...(await open.db.execute(sql`select * from said`))], []);
});

test.run();
