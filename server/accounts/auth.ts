import { betterAuth } from 'better-auth/minimal';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import * as schema from '#db/accounts-schema.ts';
import type { Config } from '#server/config.ts';
import type { Tx } from '#server/store/instances.ts';

/** Seconds that a session lasts after it was last renewed, and how old it must be to be renewed. */
export const sessionLasts = 14 * 24 * 3600;
export const sessionRenewedAfter = 24 * 3600;

const longestAgent = 400;

/** Where a new session is opened from. */
export interface Origin {
  address: string | null;
  userAgent: string | null;
}

/**
 * better-auth over a database or, so that what it writes is of one piece with what we note, over a transaction: then it
 * is made for this one call. It does passwords, sessions and cookies; requests never reach it by themselves, so paths,
 * origins and limits are ours to check. People are not made by it (people.ts).
 */
export function createAuth(
  db: Tx,
  { publicUrl, secret }: Pick<Config, 'publicUrl'> & { secret: string },
  origin: Origin = { address: null, userAgent: null },
) {
  return betterAuth({
    baseURL: publicUrl,
    secret,
    database: drizzleAdapter(db, { provider: 'pg', schema, usePlural: true, transaction: false }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 200,
    },
    session: { expiresIn: sessionLasts, updateAge: sessionRenewedAfter },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      cookiePrefix: 'rollcall',
      useSecureCookies: publicUrl.startsWith('https:'),
      ipAddress: { disableIpTracking: true },
      database: { validateSchema: false },
    },
    databaseHooks: {
      session: {
        create: {
          before: (session) =>
            Promise.resolve({
              data: {
                ...session,
                ipAddress: origin.address,
                userAgent: origin.userAgent?.slice(0, longestAgent) ?? null,
              },
            }),
        },
      },
    },
  });
}
