import type { SessionState } from '#contract/accounts.ts';

/**
 * Where whoever looks stands: not known yet, no answer, nobody has an account yet, outside, inside, or inside until the
 * session ended by itself.
 */
export type Gate = 'loading' | 'unreachable' | 'set-up' | 'out' | 'in' | 'lost';

const doors = ['/setup', '/sign-in'];

/** Pages that need nobody to be signed in. */
export const isDoor = (path: string): boolean => doors.includes(path);

type Place = Pick<URL, 'origin' | 'pathname' | 'search' | 'hash'>;

/** Pure. `wasIn`: somebody was signed in on this page and did not ask to leave. */
export function judgeGate(session: SessionState | null, wasIn: boolean, failed: boolean): Gate {
  if (session === null) return failed ? 'unreachable' : 'loading';
  if (session.state === 'set-up') return 'set-up';
  if (session.state === 'signed-in') return 'in';
  return wasIn ? 'lost' : 'out';
}

/** The path to go to from `url` because of where one stands; null: stay. Pure. */
export function leadFrom(url: Place, gate: Gate): string | null {
  const path = url.pathname;
  if (gate === 'set-up' && path !== '/setup') return '/setup';
  if (gate === 'out' && !isDoor(path)) return linkSignIn(url);
  if (gate === 'in' && path === '/sign-in') return readReturn(url);
  return null;
}

/** The sign-in page, which leads back to `url` afterwards. */
export function linkSignIn(url: Place): string {
  const wanted = url.pathname + url.search + url.hash;
  return wanted === '/' || isDoor(url.pathname)
    ? '/sign-in'
    : `/sign-in?to=${encodeURIComponent(wanted)}`;
}

/** Where the sign-in page leads: its `to` if that is a page of ours, else the fleet. */
export function readReturn(url: Place): string {
  const to = new URLSearchParams(url.search).get('to') ?? '/';
  // A second slash, or what browsers read as one, would begin another host.
  if (!to.startsWith('/') || !URL.canParse(to, url.origin)) return '/';
  const target = new URL(to, url.origin);
  const isOwn = target.origin === url.origin && !isDoor(target.pathname);
  return isOwn && !target.pathname.startsWith('//')
    ? target.pathname + target.search + target.hash
    : '/';
}
