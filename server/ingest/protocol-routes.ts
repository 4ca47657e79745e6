import { type Context, Hono } from 'hono';
import { locate } from '#server/clouds/index.ts';
import type { CheckIn } from '#domain/model.ts';
import { AppError } from '#server/errors.ts';
import { loadLicense, type LicenseRecord } from '#server/store/licenses.ts';
import { answerPlainly } from './answer-plainly.ts';
import { requireStanding } from './authenticate.ts';
import { type IngestEnv, readHeaders } from './bounded-headers.ts';
import { type Call, hear, openCall, openReport } from './calls.ts';
import type { IngestDeps } from './index.ts';
import { formatTime, licenseDocument, licenseFields } from '#server/license-document.ts';
import { parseInfoBody, parseMetricsBody, withBody } from './parse-body.ts';
import { findPending, parseUpdateCheck } from './pending.ts';
import { hearPreflight } from './preflights.ts';
import type { ReportLimits } from './rate-limits.ts';
import { readBody } from './read-body.ts';
import { reasonOf } from './tally.ts';

type Ctx = Context<IngestEnv>;

/** The paths on which stock Replicated clients speak. Their errors are plain text: one sentence for an operator. */
export function protocolRoutes(deps: IngestDeps, limits: ReportLimits): Hono<IngestEnv> {
  const routes = new Hono<IngestEnv>();
  routes.onError((error, c) => {
    deps.tally.refused(reasonOf(error));
    return answerPlainly(error, c, deps.log);
  });

  routes.post('/kots_metrics/license_instance/info', async (c) => {
    const call = await openReport(readHeaders(c), deps, limits);
    await hear(call, await withInfoBody(c, call), deps.addressOf(c.env?.incoming), deps);
    return c.body('', 200);
  });

  routes.post('/application/custom-metrics', async (c) => {
    const call = await openReport(readHeaders(c), deps, limits);
    const metrics = parseMetricsBody(await readBody(c));
    await hear(
      call,
      call.checkIn && { ...call.checkIn, metrics },
      deps.addressOf(c.env?.incoming),
      deps,
    );
    return c.body('', 200);
  });

  routes.post('/kots_metrics/preflights/:appID/:clusterID', async (c) => {
    const address = { appId: c.req.param('appID'), clusterId: c.req.param('clusterID') };
    await hearPreflight(readHeaders(c), address, (name) => c.req.query(name), deps, limits);
    return c.body('', 201);
  });

  routes.on(['GET', 'POST'], '/release/:appSlug/pending', async (c) => {
    const call = await openReport(readHeaders(c), deps, limits, c.req.param('appSlug'));
    const check = parseUpdateCheck((name) => c.req.query(name));
    await hear(call, await withInfoBody(c, call), deps.addressOf(c.env?.incoming), deps);
    const isKots = /^KOTS\b/.test(c.req.header('user-agent') ?? '');
    const channelReleases = await findPending(deps.db, call.licensee, check, isKots);
    c.header('X-Replicated-UpdateCheckAt', formatTime(Math.floor(Date.now() / 1000) * 1000));
    return c.json({ channelReleases });
  });

  routes.get('/license/fields', async (c) => {
    const license = await readLicense(c, deps);
    return c.json(licenseFields(license));
  });

  routes.get('/license/field/:name', async (c) => {
    const license = await readLicense(c, deps);
    const fields = licenseFields(license);
    const name = c.req.param('name');
    if (!Object.hasOwn(fields, name))
      throw new AppError('not_found', 'The license has no such field.');
    return c.json(fields[name]);
  });

  const answerDocument = async (c: Ctx, appSlug?: string) => {
    const license = await readLicense(c, deps, appSlug);
    const document = licenseDocument(license, deps.config.publicUrl);
    return c.body(document, 200, { 'Content-Type': 'application/yaml; charset=utf-8' });
  };
  routes.get('/license', (c) => answerDocument(c));
  routes.get('/license/:appSlug', (c) => answerDocument(c, c.req.param('appSlug')));

  return routes;
}

async function withInfoBody(c: Ctx, call: Call): Promise<CheckIn | null> {
  const body = parseInfoBody(await readBody(c));
  return call.checkIn && withBody(call.checkIn, body);
}

/**
 * The license for a read of it. The read is a check-in where it names an instance, but an expired license, or too
 * many new instances, must not keep a client from reading what its license says.
 * @throws AppError unauthorized, forbidden (archived), overloaded
 */
async function readLicense(c: Ctx, deps: IngestDeps, appSlug?: string): Promise<LicenseRecord> {
  const { licensee, checkIn } = await openCall(readHeaders(c), deps, appSlug);
  if (checkIn) {
    await deps.recorder
      .record({
        licenseId: licensee.licenseId,
        checkIns: locate([checkIn], deps.addressOf(c.env?.incoming), deps.clouds),
      })
      .catch((error: unknown) => {
        if (!(error instanceof AppError && ['forbidden', 'too_many'].includes(error.code)))
          throw error;
        deps.tally.refused(reasonOf(error));
      });
  }
  const license = await loadLicense(deps.db, licensee.licenseId);
  if (!license) throw new AppError('unauthorized', 'The license is unknown.');
  requireStanding({ ...licensee, archived: license.archived }, Date.now(), { mayBeExpired: true });
  return license;
}
