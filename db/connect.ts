import { setImmediate as soon } from 'node:timers/promises';
import postgres from 'postgres';

export type Sql = postgres.Sql;
type Options = NonNullable<Parameters<typeof postgres>[1]>;
type Scope = postgres.TransactionSql;

/** A client whose sessions speak UTC and whose notices go nowhere. `name` is what pg_stat_activity shows. */
export function connect(url: string, name: string, options: Options = {}): Sql {
  const sql = postgres(url, {
    max: 1,
    onnotice: () => undefined,
    connect_timeout: 10,
    ...options,
    connection: { application_name: name, TimeZone: 'UTC', ...options.connection },
  });
  return Object.assign(sql, { begin: beginSafely(sql) });
}

let ahead = false;

/**
 * Has the transactions that `open` begins not wait for the answer to their BEGIN: it travels with their first
 * statements, and a round trip is saved. Those statements must not write: should BEGIN fail, they are the only ones that
 * were said, outside of any transaction.
 */
export function beginAhead<T>(open: () => Promise<T>): Promise<T> {
  ahead = true;
  try {
    return open();
  } finally {
    ahead = false;
  }
}

/**
 * Whatever is said in a transaction after its connection broke, postgres.js 3.4.9 writes to nothing, which ends the
 * process (porsager/postgres#1208); its own `rollback` too. So nothing more is said there: what uses the transaction is
 * told that the connection is closed, by postgres.js itself.
 */
function beginSafely(sql: Sql) {
  const begin = sql.begin.bind(sql) as (body: (scope: Scope) => unknown) => Promise<unknown>;
  return async (body: (scope: Scope) => Promise<unknown>): Promise<unknown> => {
    let over = false;
    let ending = false;
    let notBegun: Error | null = null;
    const run = async (scope: Scope) => {
      const { unsafe } = scope;
      scope.unsafe = ((...statement: Parameters<typeof unsafe>) => {
        if (over) throw new Error('The connection of this transaction is closed.');
        if (notBegun) throw notBegun;
        // What is not waited for has to be begun before: the commit goes out next.
        if (ending) throw new Error('A statement came after its transaction was to be committed.');
        return unsafe(...statement);
      }) as typeof unsafe;
      const result = await body(scope).catch(async (error: unknown) => {
        // A statement hears of the break before the transaction does: by as much as the event loop's next round.
        for (let rounds = 0; rounds < 3 && !over; rounds += 1) await soon();
        if (!over) throw error;
      });
      ending = true;
      // A BEGIN that was lost with its connection has failed as well.
      if (notBegun && !over) throw notBegun;
      return over ? new Promise(() => undefined) : result;
    };
    try {
      const opened = ahead ? sayBeginOnly(sql, () => begin(run), fail) : begin(run);
      return await opened;
    } finally {
      over = true;
    }

    function fail(error: Error) {
      notBegun = error;
    }
  };
}

/** What postgres.js 3.4.9 does for `begin` inside, as far as it is made use of here. */
interface BeginOptions {
  onexecute?: (connection: { reserved: (() => void) | null }) => void;
}

/** Calls postgres.js's `begin`, which goes on as soon as its BEGIN is on the way. `fail` is told if that is refused later. */
function sayBeginOnly<T>(sql: Sql, begin: () => T, fail: (error: Error) => void): T {
  const { unsafe } = sql;
  const sayBegin = (text: string, args: [], options: BeginOptions) => ({
    execute: () =>
      new Promise<void>((resolve, reject) => {
        const onexecute: BeginOptions['onexecute'] = (connection) => {
          options.onexecute?.(connection);
          // It stands as full until BEGIN is answered; this is what would be called then.
          queueMicrotask(() => {
            connection.reserved?.();
            resolve();
          });
        };
        unsafe(text, args, { ...options, onexecute } as object).then(
          () => resolve(),
          (error: Error) => {
            fail(error);
            reject(error);
          },
        );
      }),
  });
  sql.unsafe = sayBegin as unknown as typeof unsafe;
  try {
    return begin();
  } finally {
    sql.unsafe = unsafe;
  }
}
