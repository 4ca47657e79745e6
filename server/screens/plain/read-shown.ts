import type { WallSnapshot } from '#contract/wall.ts';
import { AppError } from '#server/errors.ts';
import type { TokenHolder } from '#server/store/screens.ts';
import type { Desk } from '../desk.ts';
import { findScreen } from '../find-screen.ts';
import { hashToken } from '../secrets.ts';

/** What a plain page shows. */
export interface Shown {
  screen: Pick<TokenHolder, 'id' | 'name' | 'options'>;
  wall: Omit<WallSnapshot, 'screen'>;
  /** Why nobody can vouch that this is so now, and since when; null: it is. */
  stale: { since: number; reason: string } | null;
}

/** Pages remembered for when the database is away, and for how long. */
const mostRemembered = 500;
const rememberedFor = 24 * 3_600_000;

/** `goodAt`: when the server could last vouch for what was shown. */
type Kept = Pick<Shown, 'screen' | 'wall'> & { at: number; goodAt: number };

/** Reads what plain pages show, or says what was so last when it cannot. */
export function createShownReader(desk: Desk) {
  const { wall: reads, log } = desk;
  const now = desk.clock ?? Date.now;
  const lastOf = new Map<string, Kept>();

  const keep = (hash: string, kept: Kept) => {
    lastOf.delete(hash);
    lastOf.set(hash, kept);
    if (lastOf.size > mostRemembered) lastOf.delete(lastOf.keys().next().value!);
  };

  /** @throws AppError as `findScreen`; overloaded when nothing is known and nothing can be read */
  return async function readShown(token: string, address: string | null): Promise<Shown> {
    const hash = hashToken(token);
    try {
      const screen = await findScreen(desk, token, { plain: true, address });
      const { scope, redaction } = screen;
      const wall = await reads.present(scope, redaction);
      const at = now();
      const reason = desk.doubt?.() ?? silence(wall, at);
      const goodAt = reason === null ? at : (lastOf.get(hash)?.goodAt ?? at);
      keep(hash, { screen, wall, at, goodAt });
      return { screen, wall, stale: reason === null ? null : { since: goodAt, reason } };
    } catch (error) {
      if (error instanceof AppError) {
        if (error.code === 'unauthorized' || error.code === 'revoked') lastOf.delete(hash);
        throw error;
      }
      log.warn({ err: error }, 'a plain wall could not be read');
      const last = lastOf.get(hash);
      if (!last || now() - last.at > rememberedFor)
        throw new AppError(
          'overloaded',
          'The database does not answer, and nothing is known here.',
        );
      const { screen, wall, goodAt } = last;
      return { screen, wall, stale: { since: goodAt, reason: 'The database does not answer.' } };
    }
  };
}

/** One sentence if nobody in scope was heard as promised: then it may well be us who do not hear. */
function silence({ counts, instances }: Shown['wall'], now: number): string | null {
  const online = instances.filter((tuple) => tuple[13] === 0);
  if (counts.total === 0 || online.length === 0) return null;
  const isSilent = online.every((tuple) => tuple[11] !== null && tuple[11] <= now);
  return isSilent ? 'No instance here was heard as promised.' : null;
}
