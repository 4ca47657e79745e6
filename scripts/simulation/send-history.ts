import { setTimeout as sleep } from 'node:timers/promises';
import type { History } from './history.ts';
import type { InstanceScript } from './model.ts';
import { sendArchive } from './plain-client.ts';
import type { Reply, Wire } from './wire.ts';

export interface Telling {
  script: InstanceScript;
  history: History;
}

/** Histories on their way at once: enough to keep the server busy, not to crowd it. */
const atOnce = 4;

/**
 * Sends every history, each in one request; waits when asked to.
 * Sending one again changes nothing: air gap reports are idempotent.
 * @throws Error with what the server said, when it refuses one
 */
export async function sendHistories(
  tellings: Telling[],
  wire: Wire,
  onSent: (sent: number) => void = () => {},
): Promise<void> {
  const queue = [...tellings];
  let sent = 0;
  const work = async (): Promise<void> => {
    for (let telling = queue.shift(); telling; telling = queue.shift()) {
      await sendPatiently(telling, wire);
      sent += 1;
      onSent(sent);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function sendPatiently({ script, history }: Telling, wire: Wire): Promise<void> {
  let reply: Reply | null = null;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    reply = await sendArchive(script, history, wire);
    if (reply.status === 200) return;
    if (reply.status !== 429 && reply.status !== 503 && reply.status !== 0) break;
    await sleep((reply.retryAfter ?? 2) * 1000);
  }
  throw new Error(
    `The history of ${script.instanceId} was refused (${reply?.status}): ${reply?.body.slice(0, 300)}`,
  );
}
