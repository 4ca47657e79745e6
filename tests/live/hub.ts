import { newsEvents } from '#lib/live/watch-options.ts';
import { type Live, createLive } from '#server/live/index.ts';
import type {
  ClientToServer,
  Refusable,
  Scope,
  ServerToClient,
  Watching,
} from '#contract/socket.ts';
import { type FleetQuery, fleetQuery } from '#contract/reports.ts';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type Socket, io } from 'socket.io-client';
import type { Guests } from '#server/accounts/index.ts';
import { noScreens, openDoor } from '../support/session.ts';
import { MemoryReports } from './memory-reports.ts';

export type Viewer = Socket<ServerToClient, ClientToServer>;
export interface Heard {
  event: keyof ServerToClient;
  message: { room?: string; seq?: number; origin: string };
}

export interface Hub {
  url: string;
  live: Live;
  memory: MemoryReports;
  /** What the database probe does. */
  probe: { answer: () => Promise<void> };
  stop: () => Promise<void>;
}

/** A live room on a real HTTP server of its own, on a free port. */
export async function startHub(
  options: {
    memory?: MemoryReports;
    redisUrl?: string;
    beatEvery?: number;
    port?: number;
    guests?: Guests;
  } = {},
): Promise<Hub> {
  const memory = options.memory ?? new MemoryReports();
  const probe = { answer: async () => {} };
  const http = createServer((_, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => http.listen(options.port ?? 0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const live = await createLive({
    http,
    reports: memory.reports,
    wall: memory.wall,
    config: {
      publicUrl: 'https://rollcall.example.com',
      redisUrl: options.redisUrl ?? null,
      trustProxy: 0,
    },
    build: 'test',
    guests: options.guests ?? openDoor,
    screens: noScreens,
    log: pino({ level: 'silent' }),
    probeDatabase: () => probe.answer(),
    beatEvery: options.beatEvery,
  });
  return { url, live, memory, probe, stop: () => live.close() };
}

const events = ['beat', ...newsEvents, 'scope:stale'] as const satisfies (keyof ServerToClient)[];

/** A connected client and everything it has heard, in order. */
export async function view(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ socket: Viewer; heard: Heard[] }> {
  const socket: Viewer = io(url, {
    transports: ['websocket'],
    extraHeaders: headers,
    reconnection: false,
    forceNew: true,
  });
  const heard: Heard[] = [];
  for (const event of events)
    socket.on(event, (message: Heard['message']) => void heard.push({ event, message }));
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  });
  return { socket, heard };
}

export async function watch(socket: Viewer, scope: Scope): Promise<Watching> {
  const answer: Refusable<Watching> = await socket.timeout(2_000).emitWithAck('watch', scope);
  if ('error' in answer) throw new Error(answer.error.message);
  return answer;
}

export function list(shown: [number, number][] = [], query: Partial<FleetQuery> = {}): Scope {
  return { kind: 'list', query: fleetQuery.parse(query), shown };
}

/** Waits until the condition holds; fails with its name after `ms`. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 3_000,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await sleep(5);
  }
}

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

export const nothingElse = { changed: [], left: [], seen: [], events: [] };
