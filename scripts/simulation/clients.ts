import type { AppStatus } from '#contract/status.ts';
import { createKotsClient } from './kots-client.ts';
import type { InstanceScript, Said } from './model.ts';
import { createPlainClient } from './plain-client.ts';
import { type Client, createSdkClient } from './sdk-client.ts';
import type { Reply, Wire } from './wire.ts';

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

/** The app manager and the SDK side by side: regular reports in turn, a change of status from both. */
function takeTurns(manager: Client, sdk: Client): Client {
  let turns = 0;
  let told: AppStatus | null = null;
  const both = async (speak: (client: Client) => Promise<Reply>, said: Said): Promise<Reply> => {
    told = said.status;
    const answer = await speak(manager);
    return answer.status === 200 ? speak(sdk) : answer;
  };
  return {
    start: (said) => both((client) => client.start(said), said),
    report(said) {
      if (said.status !== told) return both((client) => client.report(said), said);
      turns += 1;
      return (turns % 3 === 0 ? sdk : manager).report(said);
    },
    checkForUpdates: (said) => manager.checkForUpdates(said),
    sendMetrics: (said) => sdk.sendMetrics(said),
  };
}
