import { io } from 'socket.io-client';
import { connectionOf, dialing } from '#lib/live/connection.ts';
import { defaultTiming } from '#lib/live/watch-options.ts';
import { watchScope } from '#lib/live/watcher.ts';
import type { Viewer } from '../live/hub.ts';
import { askAt, readWall } from './wall.ts';

/** A screen that keeps its wall current for ever, by the page's own code: how it connects, tries again, watches and reads. */
export interface KeptWall {
  /** When it last had all of its wall, on the process's steady clock; null: it has not, or it is behind. */
  currentAt: number | null;
  rows: number;
  /** Times that the server did not let it in. */
  refused: number;
  /** What it is at, for whoever wonders why it is not back. */
  tell(): string;
  stop(): void;
}

/** @param onRequest called for every connection that is tried, and for every question */
export function keepWall(
  url: string,
  { id, cookie }: { id: string; cookie: string },
  onRequest: () => void,
): KeptWall {
  const socket: Viewer = io(url, {
    ...dialing,
    extraHeaders: { cookie },
    auth: { screen: id, build: 'tv-1' },
    forceNew: true,
  });
  socket.io.on('reconnect_attempt', onRequest);
  const connection = connectionOf(socket);
  let retry: ReturnType<typeof setTimeout>;
  // As the page does, whose own part this is: it asks whether it may come in, and comes.
  connection.onRefused(() => {
    kept.refused += 1;
    retry = setTimeout(
      () => {
        onRequest();
        connection.open();
      },
      1_000 * (1 + Math.random()),
    );
  });
  const ask = askAt(url);
  const watch = watchScope(
    connection.wire,
    {
      scope: () => {
        onRequest();
        return { kind: 'screen' };
      },
      fetch: () => {
        onRequest();
        return readWall(ask, id, cookie);
      },
      apply: ({ instances }) => void (kept.rows = instances.length),
      hear: () => {},
      onState: ({ phase }) => {
        if (phase === 'current') kept.currentAt ??= performance.now();
        else kept.currentAt = null;
      },
    },
    // Without rows of its own there is no digest to compare.
    { ...defaultTiming, digestEvery: 2 ** 30 },
  );
  const kept: KeptWall = {
    currentAt: null,
    rows: 0,
    refused: 0,
    tell() {
      const { phase, error } = watch.state;
      const why = error instanceof Error ? `, ${error.message}` : '';
      const isTrying = socket.active ? 'trying' : 'not trying';
      return `${phase}${why}, ${socket.connected ? 'connected' : isTrying}`;
    },
    stop() {
      clearTimeout(retry);
      watch.stop();
      connection.close();
    },
  };
  return kept;
}

/** The most moments within any one second. Pure. @param moments in milliseconds */
export function mostInASecond(moments: readonly number[]): number {
  const sorted = moments.toSorted((a, b) => a - b);
  let from = 0;
  return sorted.reduce((most, moment, at) => {
    while (sorted[from]! <= moment - 1_000) from += 1;
    return Math.max(most, at - from + 1);
  }, 0);
}
