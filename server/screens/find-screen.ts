import { AppError } from '#server/errors.ts';
import { findScreenByToken, type TokenHolder } from '#server/store/screens.ts';
import type { Desk } from './desk.ts';
import { hashToken, isToken } from './secrets.ts';

/**
 * The screen behind a token.
 * @throws AppError unauthorized for what is no token, revoked for one that was, too_many
 */
export async function findScreen(
  { db, limits }: Pick<Desk, 'db' | 'limits'>,
  token: string,
  { plain, address }: { plain: boolean; address: string | null },
): Promise<TokenHolder> {
  const hash = hashToken(token);
  const forgive = limits.tryToken(address, hash);
  const holder = isToken(token) ? await findScreenByToken(db, hash, plain) : null;
  if (!holder) throw new AppError('unauthorized', 'No screen has this address.');
  forgive();
  if (holder.revoked) throw new AppError('revoked', 'This address of a screen was revoked.');
  return holder;
}
