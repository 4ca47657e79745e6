import { Hono } from 'hono';
import { type DoorEnv, networkOf } from '#server/doors/index.ts';
import { answerPlainly, readBody } from '#server/ingest/index.ts';
import { installSteps } from '#domain/install-progress.ts';
import type { UnverifiedDeps } from './desk.ts';
import { keepReport } from './keep-report.ts';
import { createSenderLimits } from './limits.ts';
import { type Linking, startLinking } from './linking.ts';
import { isInstallCall, parseInstall, requireInstallId } from './parse-install.ts';

const bodyLimit = { bytes: 4 * 1024, words: '4 KB' };

/** What stock clients say before they have a license to say it with. */
export interface Unverified extends Pick<Linking, 'notice' | 'close'> {
  routes: Hono<DoorEnv>;
}

export function openUnverified(deps: UnverifiedDeps): Unverified {
  const limits = createSenderLimits(deps.clock);
  const linking = startLinking(deps);
  const routes = new Hono<DoorEnv>();
  routes.onError((error, c) => answerPlainly(error, c, deps.log));
  for (const call of Object.keys(installSteps).filter(isInstallCall)) {
    routes.post(`/kots_metrics/${call}/:installID`, async (c) => {
      const network = networkOf(c.get('clientAddress') ?? 'unknown');
      limits.admit(network);
      const key = requireInstallId(c.req.param('installID'));
      const body = parseInstall(call, key, await readBody(c, bodyLimit));
      await keepReport(deps.db, { kind: call, key, network, body });
      linking.wake();
      return c.body('', 200);
    });
  }
  return { routes, notice: linking.notice, close: linking.close };
}
