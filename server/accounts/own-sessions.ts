import type { OwnSession } from '#contract/accounts.ts';
import { toInstant } from '#domain/instant.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { deleteSession, deleteSessions, readSessions } from '#server/store/sessions.ts';
import type { PersonActor } from './actor.ts';
import type { Desk } from './desk.ts';

type Deps = Pick<Desk, 'db'>;

export async function listOwnSessions({ db }: Deps, actor: PersonActor): Promise<OwnSession[]> {
  return (await readSessions(db, actor.id)).map((session) => ({
    id: session.id,
    current: session.id === actor.sessionId,
    createdAt: toInstant(session.createdAt),
    lastSeenAt: toInstant(session.lastSeenAt),
    expiresAt: toInstant(session.expiresAt),
    ip: session.address,
    userAgent: session.userAgent,
  }));
}

/** @throws AppError not_found, also for a session of somebody else */
export async function endOwnSession(
  { db }: Deps,
  by: By,
  actor: PersonActor,
  id: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await deleteSession(tx, actor.id, id)))
      throw new AppError('not_found', 'You have no such session.');
    await audit(tx, by, { action: 'session.ended', details: { session: id } });
  });
}

/** Signs out everywhere, here too. */
export async function endOwnSessions({ db }: Deps, by: By, actor: PersonActor): Promise<void> {
  await db.transaction(async (tx) => {
    const count = await deleteSessions(tx, actor.id);
    await audit(tx, by, { action: 'sessions.ended', details: { count } });
  });
}
