import { DrizzleQueryError } from 'drizzle-orm';
import { type Logger, pino, stdSerializers } from 'pino';
import type { Config } from './config.ts';

/**
 * The log: one JSON object a line. License ids are secrets, and the statements that look them up carry them as
 * parameters, so of a failed statement only its text and the database's own words are written.
 */
export function createLog(config: Pick<Config, 'logLevel'>): Logger {
  return pino({
    level: config.logLevel,
    base: undefined,
    redact: ['licenseId', '*.licenseId', 'authorization', '*.authorization'],
    serializers: { err: describeError },
  });
}

function describeError(error: Error): object {
  if (!(error instanceof DrizzleQueryError)) return stdSerializers.err(error);
  const { cause } = error;
  const code = cause && 'code' in cause ? cause.code : undefined;
  const statement = error.query.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
  return {
    type: 'DrizzleQueryError',
    message: cause?.message,
    code,
    statement,
    stack: cause?.stack,
  };
}
