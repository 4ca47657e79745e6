import { hashPassword } from 'better-auth/crypto';
import type { Db } from '#db/client.ts';
import { audit, byServer } from '#server/audit/index.ts';
import type { Tx } from '#server/store/instances.ts';
import type { Config } from '#server/config.ts';
import { insertSetupLink, markDemo } from '#server/store/first-start.ts';
import {
  hasPasswords,
  hasPeople,
  insertPerson,
  lockFirstAccount,
  type NewPerson,
} from '#server/store/people.ts';
import { isLoopback } from './demo.ts';
import { hashSecret, makeSecret } from './secrets.ts';

/** Milliseconds that a set-up link can be used. */
export const setupLinkLasts = 24 * 3_600_000;

export interface FirstStart {
  db: Db;
  config: Pick<Config, 'publicUrl' | 'demo' | 'host' | 'admin'>;
}

/**
 * At a start at which nobody can sign in: makes the owner that the settings name, or the demo's, or else a set-up link.
 * @returns the link, which is a secret; null: somebody has an account
 */
export async function prepareFirstStart({ db, config }: FirstStart): Promise<string | null> {
  const { admin } = config;
  const passwordHash =
    admin && !(await hasPasswords(db)) ? await hashPassword(admin.password) : null;
  return db.transaction(async (tx) => {
    // Several processes may start at once.
    await lockFirstAccount(tx);
    if (admin && passwordHash && !(await hasPasswords(tx))) {
      const name = admin.email.split('@')[0] ?? admin.email;
      await makeOwner(tx, { name, email: admin.email, role: 'owner', passwordHash });
    }
    if (await hasPeople(tx)) return null;
    // Elsewhere its visitor would not be signed in (demo.ts), and nobody else could be.
    if (config.demo && isLoopback(config.host) && (await markDemo(tx))) {
      const email = 'visitor@demo.invalid';
      await makeOwner(tx, { name: 'Demo visitor', email, role: 'owner', passwordHash: null });
      return null;
    }
    const secret = makeSecret();
    await insertSetupLink(tx, hashSecret(secret), setupLinkLasts);
    // Behind a #, so that no browser sends it and no proxy's log keeps it.
    return `${config.publicUrl}/setup#${secret}`;
  });
}

async function makeOwner(tx: Tx, person: NewPerson): Promise<void> {
  const id = await insertPerson(tx, person);
  if (id === null) return;
  const target = { kind: 'person', id, name: person.name };
  await audit(tx, byServer, { action: 'workspace.set-up', target });
}
