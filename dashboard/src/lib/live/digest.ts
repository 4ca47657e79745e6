import type { Instant } from '#contract/instance.ts';
import type { Digest } from '#contract/socket.ts';

export interface Known {
  revision: number;
  /** Null: there was none yet. */
  lastCheckInAt: Instant | null;
}

/** The digest of what a page knows, as the server makes its own. Pure. */
export function digestOf(known: Iterable<Known>): Digest {
  const digest: Digest = { count: 0, revisions: 0, newestCheckInAt: null };
  for (const { revision, lastCheckInAt } of known) {
    digest.count += 1;
    digest.revisions += revision;
    const newest = digest.newestCheckInAt;
    if (lastCheckInAt !== null && (newest === null || newest < lastCheckInAt))
      digest.newestCheckInAt = lastCheckInAt;
  }
  return digest;
}

/**
 * Whether the page has not even what the server had. Revisions and check-ins only rise, so a page that is ahead of an
 * older answer is well; one that is behind an answer of some seconds ago has missed something. Pure.
 */
export function isBehind(mine: Digest, server: Digest): boolean {
  if (mine.count !== server.count || mine.revisions < server.revisions) return true;
  return (mine.newestCheckInAt ?? '') < (server.newestCheckInAt ?? '');
}
