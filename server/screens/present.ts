import type { Screen, ScreenConnection } from '#contract/screens.ts';
import { toInstant } from '#domain/instant.ts';
import type { ConnectionRecord } from '#server/store/screen-connections.ts';
import type { ScreenRecord } from '#server/store/screens.ts';

const mostConnectionsShown = 10;

export function presentScreen(
  record: ScreenRecord,
  connections: ConnectionRecord[],
  instances: number,
): Screen {
  const { createdAt, revokedAt, lastSeenAt, ...rest } = record;
  return {
    ...rest,
    createdAt: toInstant(createdAt),
    revokedAt: toInstant(revokedAt),
    lastSeenAt: toInstant(lastSeenAt),
    instances,
    connected: connections.length,
    connections: connections.slice(0, mostConnectionsShown).map(presentConnection),
  };
}

function presentConnection(record: ConnectionRecord): ScreenConnection {
  const { connectedAt, seenAt, build, userAgent, address } = record;
  return { since: toInstant(connectedAt), seenAt: toInstant(seenAt), build, userAgent, address };
}
