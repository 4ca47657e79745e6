import type { IncomingMessage } from 'node:http';
import { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Db } from '#db/client.ts';
import { type KnownClouds, locate } from '#server/clouds/index.ts';
import type { Config } from '#server/config.ts';
import type { Recorder } from '#server/record-check-ins.ts';
import { authenticateBearer } from './authenticate.ts';
import { type IngestEnv, readHeaders } from './bounded-headers.ts';
import { createInstanceDoor, type InstanceDoor } from './instance-door.ts';
import type { Licensees } from './licensees.ts';
import { parsePlainCheckIns } from './plain-door.ts';
import { protocolRoutes } from './protocol-routes.ts';
import { createReportLimits, type ReportLimits } from './rate-limits.ts';
import { readBody } from './read-body.ts';
import { hasReleaseZero } from './release-zero.ts';
import { countRecorded, reasonOf, type Tally } from './tally.ts';

export { answerPlainly } from './answer-plainly.ts';
export type { IngestEnv } from './bounded-headers.ts';
export { ignoredHeaders } from './counters.ts';
export type { InstanceDoor } from './instance-door.ts';
export { createLicensees, type Licensee, type Licensees } from './licensees.ts';
export { type Admission, createAdmission } from './rate-limits.ts';
export { parseJson, readBody } from './read-body.ts';
export type { Tally } from './tally.ts';

export interface IngestDeps {
  db: Db;
  recorder: Pick<Recorder, 'record' | 'requireRoom'>;
  config: Pick<Config, 'publicUrl' | 'reportsPerInstance' | 'reportsPerLicense'>;
  licensees: Licensees;
  clouds: Pick<KnownClouds, 'of'>;
  /** The address a request came from, as far as proxies are to be believed. */
  addressOf: (incoming: IncomingMessage | undefined) => string | null;
  tally: Tally;
  log: Pick<Logger, 'error' | 'isLevelEnabled'>;
}

export interface Ingest {
  routes: Hono<IngestEnv>;
  /** A short way to the busiest of the routes, before all others. */
  door: InstanceDoor;
}

/** Every door that reports come in by: the Replicated clients' paths and the plain JSON one. */
export function openIngest(given: IngestDeps): Ingest {
  const deps = { ...given, recorder: countRecorded(given.recorder, given.tally) };
  const limits = createReportLimits(deps.config);
  const routes = new Hono<IngestEnv>();
  routes.route('/', protocolRoutes(deps, limits));
  routes.route('/', plainRoutes(deps, limits));
  return { routes, door: createInstanceDoor(deps, limits) };
}

function plainRoutes(deps: IngestDeps, limits: ReportLimits): Hono<IngestEnv> {
  const routes = new Hono<IngestEnv>();
  routes.post('/api/check-ins', async (c, next) => {
    await next();
    if (c.error) deps.tally.refused(reasonOf(c.error));
  });
  routes.post('/api/check-ins', async (c) => {
    const read = readHeaders(c);
    const licensee = await authenticateBearer(read('authorization'), deps.licensees);
    deps.recorder.requireRoom();
    const checkIns = parsePlainCheckIns(await readBody(c), hasReleaseZero(licensee));
    limits.admit(
      licensee.licenseId,
      checkIns.map((checkIn) => checkIn.instanceId),
    );
    const located = locate(checkIns, deps.addressOf(c.env?.incoming), deps.clouds);
    return c.json(await deps.recorder.record({ licenseId: licensee.licenseId, checkIns: located }));
  });
  return routes;
}
