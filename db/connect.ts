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
  return Object.assign(sql, { begin: beginSafely(sql.begin.bind(sql)) });
}

/**
 * Whatever is said in a transaction after its connection broke, postgres.js 3.4.9 writes to nothing, which ends the
 * process (porsager/postgres#1208); its own `rollback` too. So nothing more is said there: what uses the transaction is
 * told that the connection is closed, by postgres.js itself.
 */
function beginSafely(begin: (body: (scope: Scope) => Promise<unknown>) => Promise<unknown>) {
  return async (body: (scope: Scope) => Promise<unknown>): Promise<unknown> => {
    let over = false;
    let ending = false;
    const run = async (scope: Scope) => {
      const { unsafe } = scope;
      scope.unsafe = ((...statement: Parameters<typeof unsafe>) => {
        if (over) throw new Error('The connection of this transaction is closed.');
        // It would be said behind the commit, outside of the transaction.
        if (ending) throw new Error('A statement came after its transaction was to be committed.');
        return unsafe(...statement);
      }) as typeof unsafe;
      const result = await body(scope).catch(async (error: unknown) => {
        // A statement hears of the break before the transaction does: by as much as the event loop's next round.
        for (let rounds = 0; rounds < 3 && !over; rounds += 1) await soon();
        if (!over) throw error;
      });
      ending = true;
      return over ? new Promise(() => undefined) : result;
    };
    try {
      return await begin(run);
    } finally {
      over = true;
    }
  };
}
