import type { z } from 'zod';
import { toInstant } from '#domain/instant.ts';
import type { ApiToken, NewApiToken, tokenRequest } from '#contract/accounts.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { deleteToken, insertToken, readTokens, type TokenRecord } from '#server/store/tokens.ts';
import type { Desk } from './desk.ts';
import { hashSecret, makeSecret } from './secrets.ts';

type Deps = Pick<Desk, 'db'>;
/** Characters of a secret that are kept to tell it by; what remains is still past guessing. */
const hintLength = 8;

export async function listTokens({ db }: Deps): Promise<ApiToken[]> {
  return (await readTokens(db)).map(present);
}

/** @returns the token with its secret, which is told this once and not kept */
export async function createToken(
  { db }: Deps,
  by: By,
  { name, scope }: z.infer<typeof tokenRequest>,
): Promise<NewApiToken> {
  const secret = `rc_${makeSecret()}`;
  const createdBy = typeof by.actor === 'object' ? (by.actor?.name ?? null) : null;
  const token = await db.transaction(async (tx) => {
    const hint = secret.slice(0, hintLength);
    const made = await insertToken(tx, {
      name,
      scope,
      hint,
      createdBy,
      secretHash: hashSecret(secret),
    });
    const target = { kind: 'token', id: String(made.id), name };
    await audit(tx, by, { action: 'token.created', target, details: { scope } });
    return made;
  });
  return { ...present(token), secret };
}

/** From now on it opens nothing. @throws AppError not_found */
export async function revokeToken({ db }: Deps, by: By, id: number): Promise<void> {
  await db.transaction(async (tx) => {
    const name = await deleteToken(tx, id);
    if (name === null) throw new AppError('not_found', 'There is no such token.');
    const target = { kind: 'token', id: String(id), name };
    await audit(tx, by, { action: 'token.revoked', target });
  });
}

function present({ createdAt, lastUsedAt, ...token }: TokenRecord): ApiToken {
  return {
    ...token,
    createdAt: toInstant(createdAt),
    lastUsedAt: toInstant(lastUsedAt),
  };
}
