import { z } from 'zod';
import type { Digest } from '#contract/socket.ts';
import { AppError } from '#server/errors.ts';
import { readScreensDigest, readTokenRevisions, type TokenHolder } from '#server/store/screens.ts';
import { findScreenByToken } from '#server/store/screens.ts';
import { tokenIn } from './cookie.ts';
import type { Desk } from './desk.ts';
import { findScreen } from './find-screen.ts';
import { type ConnectionLedger, openLedger } from './ledger.ts';
import { hashToken, isScreenId } from './secrets.ts';

/** A screen as its live connection knows it. */
export type ScreenSeat = Pick<TokenHolder, 'id' | 'name' | 'revision' | 'scope' | 'redaction'> & {
  /** What its token is looked up by. */
  tokenHash: string;
};

/** How a screen's live connection came in. */
export interface Knock {
  connectionId: string;
  cookies: string | undefined;
  /** What it says of itself: see `ScreenHandshake`. */
  auth: unknown;
  address: string | null;
  userAgent: string | undefined;
}

/** What the live connections know of screens: who may come in, who is still there, and that they are noted. */
export interface ScreenDoor {
  /** Whether this connection says that it is a screen's. */
  isScreen(auth: unknown): boolean;
  /** Null: no screen, or one that was revoked. @throws AppError too_many; rejects when the database cannot be read */
  admit(knock: Knock): Promise<ScreenSeat | null>;
  /** The same screen as it is now; null: its token opens nothing any more. */
  find(tokenHash: string): Promise<ScreenSeat | null>;
  /** Of these tokens those that still open a screen, with its revision. */
  recheck(tokenHashes: string[]): Promise<Map<string, number>>;
  left(connectionId: string): void;
  /** Of the list of screens. */
  digest(): Promise<Digest>;
  close(): Promise<void>;
}

const handshake = z.object({
  screen: z.string().refine(isScreenId),
  build: z.string().max(100).nullable().catch(null).default(null),
});
const longestAgent = 400;
/** Connections that one address of a screen may have at once, in this process. */
const mostConnections = 50;

export function openDoor(desk: Desk): ScreenDoor {
  const { db } = desk;
  const ledger: ConnectionLedger = openLedger(desk);
  return {
    isScreen: (auth) => handshake.safeParse(auth).success,
    async admit({ connectionId, cookies, auth, address, userAgent }) {
      const { screen: id, build } = handshake.parse(auth);
      const token = tokenIn(cookies, id);
      if (token === null) return null;
      const holder = await findScreen(desk, token, { plain: false, address }).catch(nobody);
      if (holder === null) return null;
      if (ledger.count(id) >= mostConnections)
        throw new AppError('too_many', 'Too many connections have the address of this screen.');
      ledger.entered({
        id: connectionId,
        screenId: id,
        connectedAt: Date.now(),
        build,
        userAgent: userAgent?.slice(0, longestAgent) ?? null,
        address,
      });
      return toSeat(holder, hashToken(token));
    },
    async find(tokenHash) {
      const holder = await findScreenByToken(db, tokenHash, false);
      return holder && !holder.revoked ? toSeat(holder, tokenHash) : null;
    },
    recheck: (tokenHashes) => readTokenRevisions(db, tokenHashes),
    left: (connectionId) => ledger.left(connectionId),
    digest: async () => ({ ...(await readScreensDigest(db)), newestCheckInAt: null }),
    close: () => ledger.close(),
  };
}

function toSeat(holder: TokenHolder, tokenHash: string): ScreenSeat {
  const { id, name, revision, scope, redaction } = holder;
  return { id, name, revision, scope, redaction, tokenHash };
}

function nobody(error: unknown): null {
  if (error instanceof AppError && error.code !== 'too_many') return null;
  throw error;
}
