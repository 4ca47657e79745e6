import { appendAudit, appendRefusedSignIn } from '#server/store/audit.ts';
import type { Tx } from '#server/store/instances.ts';

/** Who does something, and from where. */
export interface By {
  /** Null: somebody who has not signed in. `server`: the process itself, told by its settings. */
  actor: { kind: 'person' | 'token'; id: string; name: string } | 'server' | null;
  address: string | null;
  requestId: string | null;
}

export const byServer: By = { actor: 'server', address: null, requestId: null };

/** What is noted, as `<what>.<happened>`. */
export type Action =
  | 'workspace.set-up'
  | 'session.began'
  | 'session.refused'
  | 'session.ended'
  | 'sessions.ended'
  | 'password.changed'
  | 'person.added'
  | 'person.role-changed'
  | 'person.removed'
  | 'token.created'
  | 'token.revoked'
  | 'license-id.revealed'
  | 'license-id.rotated'
  | 'license.downloaded'
  | 'customer.added'
  | 'customer.changed'
  | 'customer.archived'
  | 'customer.restored'
  | 'instance.changed'
  | 'instance.archived'
  | 'instance.restored'
  | 'app.added'
  | 'app.changed'
  | 'app.logo-changed'
  | 'channel.added'
  | 'channel.changed'
  | 'release.added'
  | 'release.changed'
  | 'release.promoted'
  | 'promotion.changed'
  | 'file.uploaded'
  | 'file.removed'
  | 'portal.password-set'
  | 'screen.added'
  | 'screen.changed'
  | 'screen.token-replaced'
  | 'screen.revoked'
  | 'screen.reloaded';

export interface Deed {
  action: Action;
  target?: { kind: string; id: string; name: string };
  /** No secrets. */
  details?: Record<string, unknown>;
}

/** Notes a deed in the transaction that does it. */
export async function audit(tx: Tx, by: By, { action, target, details = {} }: Deed): Promise<void> {
  const { actor, address, requestId } = by;
  const known = typeof actor === 'object' && actor !== null ? actor : null;
  await appendAudit(tx, {
    actorKind: known?.kind ?? (actor === 'server' ? 'server' : 'nobody'),
    actorId: known?.id ?? null,
    actorName: known?.name ?? null,
    action,
    targetKind: target?.kind ?? null,
    targetId: target?.id ?? null,
    targetName: target?.name ?? null,
    address,
    requestId,
    details,
  });
}

/** Notes that somebody failed to sign in as the person with this address, if there is one. */
export async function auditRefusal(tx: Tx, by: By, email: string): Promise<void> {
  const { address, requestId } = by;
  await appendRefusedSignIn(tx, { email, action: 'session.refused', address, requestId });
}
