import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { createServer, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `work` while no other process of this machine runs it for the same folder.
 * The lock is a listening socket, which the kernel gives back when its holder dies, however it dies.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const server = await acquire(socketName(folder));
  try {
    return await work();
  } finally {
    await new Promise((done) => server.close(done));
  }
}

function socketName(folder: string): string {
  const name = `rollcall-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

async function acquire(name: string): Promise<Server> {
  for (;;) {
    const server = await listen(name);
    if (server) return server;
    if (name.startsWith('/') && (await isAbandoned(name))) unlinkSync(name);
    else await sleep(50);
  }
}

function listen(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(name, () => resolve(server.unref()));
  });
}

/** Only where the socket is a file: it outlives a holder that was killed, and then nobody answers. */
function isAbandoned(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
