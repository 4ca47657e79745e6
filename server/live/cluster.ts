import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Logger } from 'pino';
import { createClient } from 'redis';
import { within } from './beat.ts';
import type { LiveServer } from './io.ts';
import { Others } from './others.ts';
import type { Change } from './publisher.ts';

/** What server processes tell one another. `n` counts the changes of a process, so that a lost one is noticed. */
export type Published =
  | { kind: 'change'; origin: string; n: number; change: Change }
  | { kind: 'probe'; origin: string; n: number; probe: number }
  | { kind: 'goodbye'; origin: string; n: number };

export interface BetweenServers {
  published: (message: Published) => void;
}

export interface Cluster {
  send(change: Change): void;
  /** Resolves once an own probe has come back through Redis; rejects after `patience` milliseconds. */
  probe(patience: number): Promise<void>;
  close(): Promise<void>;
}

export interface ClusterDeps {
  io: LiveServer;
  redisUrl: string;
  origin: string;
  log: Logger;
  heard: (change: Change) => void;
  /** Changes of another process may have been missed. */
  lost: () => void;
}

const probeAgain = 500;

/** Joins the other server processes through Redis. Works on while Redis is away, and recovers by itself. */
export function joinCluster(deps: ClusterDeps): Cluster {
  const { io, origin } = deps;
  const client = openRedis(deps);
  // Messages go by the adapter's publish/subscribe; its stream stays empty, so a short block costs nothing and lets
  // the process end soon.
  io.adapter(
    createAdapter(client, {
      streamName: 'rollcall',
      channelPrefix: 'rollcall',
      blockTimeInMs: 1_000,
    }),
  );
  const others = new Others(deps.lost);
  const probes = listenForOwnProbes(io, origin);
  let sent = 0;

  io.on('published', (message) => {
    others.heard(message);
    if (message.kind === 'change') deps.heard(message.change);
  });

  return {
    send(change) {
      sent += 1;
      io.serverSideEmit('published', { kind: 'change', origin, n: sent, change });
    },
    async probe(patience) {
      others.forgetSilent();
      const { probe, back } = probes.next();
      const message: Published = { kind: 'probe', origin, n: sent, probe };
      // Sent again and again: the subscription may be coming back just now, and what it missed does not return.
      io.serverSideEmit('published', message);
      const again = setInterval(() => io.serverSideEmit('published', message), probeAgain);
      try {
        await within(patience, back);
      } finally {
        clearInterval(again);
      }
    },
    async close() {
      io.serverSideEmit('published', { kind: 'goodbye', origin, n: sent });
      await client.close().catch(() => client.destroy());
    },
  };
}

function openRedis({ redisUrl, log }: ClusterDeps) {
  const client = createClient({
    url: redisUrl,
    // While Redis is away commands wait; with a bound, and past it a lost message is noticed by its number.
    commandsQueueMaxLength: 10_000,
    socket: { reconnectStrategy: (retries) => Math.min(2_000, 50 * 2 ** retries) },
  });
  let away = false;
  client.on('error', (error: unknown) => {
    if (!away) log.warn({ err: error }, 'Redis does not answer');
    away = true;
  });
  client.on('ready', () => {
    if (away) log.info('Redis answers again');
    away = false;
  });
  // The adapter drops the promise of its publishing, and a connection that breaks in that moment would end the process.
  Object.assign(client, {
    publish: (channel: string, message: Buffer) =>
      client.PUBLISH(channel, message).catch((error: unknown) => {
        log.warn({ err: error }, 'a message to the other server processes was lost');
        return 0;
      }),
  });
  client.connect().catch((error: unknown) => log.error({ err: error }, 'Redis cannot be used'));
  return client;
}

/**
 * The adapter ignores what its own process sent, so no handler ever sees an own probe. But the message does come back:
 * through the same subscription that brings the others' changes. Listening at the adapter's door, before it throws
 * ours away, proves the whole way (publish, Redis, subscription) and needs no second process to answer.
 */
function listenForOwnProbes(io: LiveServer, origin: string) {
  const adapter = io.of('/').adapter as unknown as {
    onMessage: (message: unknown, offset?: string) => void;
  };
  const onMessage = adapter.onMessage.bind(adapter);
  let last = 0;
  const waiting = new Map<number, () => void>();
  adapter.onMessage = (message, offset) => {
    const probe = ownProbe(message, origin);
    if (probe === null) return onMessage(message, offset);
    waiting.get(probe)?.();
    waiting.delete(probe);
  };
  return {
    next() {
      last += 1;
      const probe = last;
      // Only the newest counts: one that comes back late proves nothing about now.
      waiting.clear();
      const back = new Promise<void>((resolve) => waiting.set(probe, resolve));
      return { probe, back };
    },
  };
}

function ownProbe(message: unknown, origin: string): number | null {
  const packet = (message as { data?: { packet?: unknown } }).data?.packet;
  const published = Array.isArray(packet)
    ? (packet[1] as Partial<Published> | undefined)
    : undefined;
  return published?.kind === 'probe' && published.origin === origin
    ? (published.probe ?? null)
    : null;
}
