import { DrizzleQueryError } from 'drizzle-orm';
import { destination, type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';
import { hideSecrets, withoutSecrets } from './log-secrets.ts';

/**
 * The log: one JSON object a line. No secret reaches it: not license ids, passwords, tokens or cookies. Fields that are
 * named like one are blanked, errors are written without the values they were about, and each finished line is searched
 * for what looks like a credential.
 */
export function createLog(
  config: Pick<Config, 'logLevel'>,
  out: DestinationStream = destination(1),
): Logger {
  const options = {
    level: config.logLevel,
    base: undefined,
    formatters: { log: withoutSecrets },
    serializers: { err: describeError },
  };
  return pino(options, { write: (line: string) => out.write(hideSecrets(line)) });
}

/**
 * An error's kind, words, place and cause, and nothing else that hangs on it: libraries hang requests, rows and
 * parameters on their errors. Of a failed statement its text is written, never its parameters, which hold license ids.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  if (error instanceof DrizzleQueryError) {
    const statement = error.query.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
    return { ...describeError(error.cause), type: 'DrizzleQueryError', statement };
  }
  const message = sayable(error);
  return {
    type: error.name,
    message,
    ...('code' in error ? { code: error.code } : {}),
    stack: stackOf(error, message),
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
}

/** The error's message without the values it quotes: a text that is not JSON, a value that the database refused. */
function sayable(error: Error): string {
  const isData = 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code);
  if (!isData && !(error instanceof SyntaxError)) return error.message;
  return error.message.replace(/(["']).*\1/s, '"…"');
}

/** Where it happened, under what may be said of it. */
function stackOf(error: Error, message: string): string {
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}: ${message}`, ...places].join('\n');
}
