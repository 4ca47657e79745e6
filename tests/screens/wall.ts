import type { EditedScreen } from '#contract/screens.ts';
import type { WallSnapshot } from '#contract/wall.ts';
import { cookieOf } from '../support/session.ts';

export type Ask = (path: string, init?: RequestInit) => Promise<Response>;
type Headers = Record<string, string>;

/** How to ask a running server. */
export const askAt =
  (url: string): Ask =>
  (path, init) =>
    fetch(`${url}${path}`, init);

/** @returns the answer's JSON; throws when it is a refusal */
export async function sent<T>(
  ask: Ask,
  method: string,
  path: string,
  headers: Headers,
  body?: object,
): Promise<T> {
  const answer = await ask(path, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** A new screen, with the token that its address holds. */
export async function makeScreen(
  ask: Ask,
  headers: Headers,
  wanted: object = {},
): Promise<EditedScreen & { token: string }> {
  const made = await sent<EditedScreen>(ask, 'POST', '/api/screens', headers, {
    name: 'Hall',
    ...wanted,
  });
  return { ...made, token: tokenIn(made) };
}

export const tokenIn = ({ address }: EditedScreen): string => address?.split('#')[1] ?? '';

export const openSession = (ask: Ask, token: string) =>
  ask('/api/wall/session', { method: 'POST', body: JSON.stringify({ token }) });

/** The cookie of a screen, as a browser sends it back. */
export async function cookieFor(ask: Ask, token: string): Promise<string> {
  const answer = await openSession(ask, token);
  if (answer.status !== 200) throw new Error(`No session: ${await answer.text()}`);
  return cookieOf(answer).split('; ')[0]!;
}

export async function readWall(ask: Ask, id: string, cookie: string): Promise<WallSnapshot> {
  const answer = await ask(`/api/wall?screen=${id}`, { headers: { cookie } });
  if (answer.status !== 200) throw new Error(`No wall: ${await answer.text()}`);
  return (await answer.json()) as WallSnapshot;
}
