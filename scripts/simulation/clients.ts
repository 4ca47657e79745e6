import { createKotsClient } from './kots-client.ts';
import type { InstanceScript } from './model.ts';
import { createPlainClient } from './plain-client.ts';
import { type Client, createSdkClient } from './sdk-client.ts';
import type { Wire } from './wire.ts';

/** The client or clients that speak for an instance, by its voice. `nextWithin`: its promise, in seconds. */
export function createClient(
  script: InstanceScript,
  wire: Wire,
  nextWithin: number | null,
): Client {
  switch (script.voice) {
    case 'sdk':
      return createSdkClient(script, wire);
    case 'kots':
      return createKotsClient(script, wire);
    case 'both':
      return takeTurns(createKotsClient(script, wire), createSdkClient(script, wire));
    case 'plain':
    case 'airgap':
      return createPlainClient(script, wire, nextWithin);
  }
}

/** The app manager and the SDK side by side: regular reports in turn, news from both. */
function takeTurns(manager: Client, sdk: Client): Client {
  let turns = 0;
  return {
    async start(said) {
      const answer = await manager.start(said);
      return answer.status === 200 ? sdk.start(said) : answer;
    },
    report(said) {
      turns += 1;
      return (turns % 3 === 0 ? sdk : manager).report(said);
    },
    checkForUpdates: (said) => manager.checkForUpdates(said),
    sendMetrics: (said) => sdk.sendMetrics(said),
  };
}
