import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Tx } from './instances.ts';

const dialect = new PgDialect({ casing: 'snake_case' });

/**
 * Runs a statement whose text is always the same: each connection parses and plans it once, and from then on it takes
 * one round trip instead of two. Statements that are begun together travel together and run in the order they were
 * begun in.
 */
export async function executePrepared<Row extends Record<string, unknown>>(
  tx: Tx,
  statement: SQL,
): Promise<Row[]> {
  // Any name will do: the driver makes up its own, one for each text.
  const query = tx._.session.prepareQuery<{ execute: Row[]; all: unknown; values: unknown }>(
    dialect.sqlToQuery(statement),
    undefined,
    'prepared',
    false,
  );
  return query.execute();
}
