import { io, type Socket } from 'socket.io-client';
import type { FleetPage, FleetQuery } from '#contract/reports.ts';
import type { ClientToServer, ServerToClient } from '#contract/socket.ts';
import { fleetQuery } from '#contract/reports.ts';
import { mergeChanged, mergeSeen, removeLeft, type Rows, rowsOf } from '#lib/live/merge.ts';
import { createWire } from '#lib/live/wire.ts';
import type { Stage } from './stage.ts';

/** A page of the fleet as the dashboard keeps it: watched, read, then kept current by messages. */
export interface Viewer {
  socket: Socket<ServerToClient, ClientToServer>;
  rows: () => Rows;
  /** Called after each message that changed a row. */
  onChange: (hear: () => void) => void;
  close(): void;
}

/** In an order that does not change, so that a page shows the same instances all along. */
const query: FleetQuery = fleetQuery.parse({ sort: 'firstSeen' });

type Host = Pick<Stage, 'url' | 'cookie'>;

export async function readPage({ url, cookie }: Host, page: number): Promise<FleetPage> {
  const answer = await fetch(`${url}/api/fleet?sort=firstSeen&page=${page}`, {
    headers: { cookie },
  });
  if (answer.status !== 200) throw new Error(`The fleet page was answered ${answer.status}.`);
  return (await answer.json()) as FleetPage;
}

/** Opens a connection, reads the page, and watches the hundred instances on it. */
export async function openViewer(host: Host, page: number): Promise<Viewer> {
  const socket: Viewer['socket'] = io(host.url, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie: host.cookie },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  let rows: Rows = rowsOf(await readPage(host, page));
  let tell = () => {};
  const become = (next: Rows) => {
    if (next === rows) return;
    rows = next;
    tell();
  };
  socket.on('instances:changed', (message) => become(mergeChanged(rows, message)));
  socket.on('instances:seen', (message) => become(mergeSeen(rows, message.seen)));
  socket.on('instances:left', (message) => become(removeLeft(rows, message.ids)));
  const shown = [...rows.values()].map(({ id, revision }): [number, number] => [id, revision]);
  const answer = await createWire(socket).watch({ kind: 'list', query, shown }, socket);
  if ('error' in answer) throw new Error(`The watch was refused: ${answer.error.message}`);
  return {
    socket,
    rows: () => rows,
    onChange: (hear) => (tell = hear),
    close: () => void socket.disconnect(),
  };
}
