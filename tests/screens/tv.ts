import { io } from 'socket.io-client';
import type { WallSnapshot } from '#contract/wall.ts';
import type { Refusable, ServerToClient, Watching } from '#contract/socket.ts';
import type { Viewer } from '../live/hub.ts';
import { askAt, cookieFor, readWall } from './wall.ts';

export interface Said {
  event: keyof ServerToClient;
  message: Record<string, unknown> | undefined;
}

/** A screen that is connected to a running server, with every byte that it was sent. */
export interface Tv {
  id: string;
  cookie: string;
  socket: Viewer;
  heard: Said[];
  /** All that came, over HTTP and the live connection, as text. */
  bytes: () => string;
  watch: () => Promise<Refusable<Watching>>;
  read: () => Promise<WallSnapshot>;
}

/** Rejects with the server's words if it is not let in. */
export async function connectTv(
  url: string,
  { id, cookie }: { id: string; cookie: string },
): Promise<Tv> {
  const socket: Viewer = io(url, {
    transports: ['websocket'],
    extraHeaders: { cookie },
    auth: { screen: id, build: 'tv-1' },
    reconnection: false,
    forceNew: true,
  });
  const heard: Said[] = [];
  const bytes: string[] = [];
  socket.on('connect', () => {
    socket.io.engine.on('packet', ({ data }) => bytes.push(String(data)));
  });
  socket.onAny((event: Said['event'], message: Said['message']) => {
    heard.push({ event, message });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const ask = askAt(url);
  return {
    id,
    cookie,
    socket,
    heard,
    bytes: () => bytes.join('\n'),
    watch: () => socket.timeout(10_000).emitWithAck('watch', { kind: 'screen' }),
    async read() {
      const snapshot = await readWall(ask, id, cookie);
      bytes.push(JSON.stringify(snapshot));
      return snapshot;
    },
  };
}

/** By its address, as a browser that was just switched on. */
export async function switchOn(
  url: string,
  { screen, token }: { screen: { id: string }; token: string },
): Promise<Tv> {
  const cookie = await cookieFor(askAt(url), token);
  const tv = await connectTv(url, { id: screen.id, cookie });
  const watching = await tv.watch();
  if ('error' in watching) throw new Error(watching.error.message);
  return tv;
}

export const messagesOf = ({ heard }: Pick<Tv, 'heard'>, event: Said['event']) =>
  heard.filter((one) => one.event === event).map(({ message }) => message ?? {});
