import { z } from 'zod';
import { namedValues } from '#contract/named-values.ts';
import { appStatuses } from '#contract/status.ts';
import type { CheckIn, Facts } from '#domain/model.ts';
import { describeIssues } from '#server/describe-issues.ts';
import { AppError } from '#server/errors.ts';
import { digest } from './digest.ts';
import { resolveStatus, resourcesLimit, sortResources } from './parse-body.ts';
import { findMetricProblem, type Metrics } from './parse-metrics.ts';
import { findTagProblem } from './parse-tags.ts';
import { parseJson } from './read-body.ts';
import { idLimit, integerLimit, isStorable, textLimit } from '#server/text.ts';

/** Most check-ins that one request may hold. */
export const checkInsLimit = 1000;

const words = (limit: number) =>
  z
    .string()
    .min(1)
    .max(limit)
    .refine(isStorable, { error: 'holds characters that cannot be stored' });
const id = words(idLimit);
const text = words(textLimit);
const count = z.int().min(0).max(integerLimit);

const resource = z.strictObject({
  kind: text,
  name: text,
  namespace: z.string().max(textLimit).refine(isStorable).default(''),
  state: z.enum(appStatuses),
});

/** What both kinds take is decided below, in the words of the other doors. */
const byName = namedValues(z.string(), z.unknown(), 'this name cannot be taken');

const metrics = byName.superRefine((value, context) => {
  const problem = findMetricProblem(value);
  if (!problem) return;
  const path = problem.metric === null ? [] : [problem.metric];
  context.addIssue({ code: 'custom', path, message: problem.message });
});

const tags = byName.superRefine((value, context) => {
  const problem = findTagProblem(value);
  if (problem) context.addIssue({ code: 'custom', message: problem });
});

const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(9999, 0, 1);
const moment = z
  .union([z.int(), z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso))], {
    error: 'must be an ISO 8601 time with its zone, or milliseconds since 1970',
  })
  .refine((time) => time >= earliest && time < latest, {
    error: 'must be a time from the year 2000 on',
  });

/** One check-in as `POST /api/check-ins` takes it. What is left out is not reported, and stays as it is known. */
export const plainCheckIn = z
  .strictObject({
    instanceId: id,
    status: z.enum(appStatuses).optional(),
    resources: z.array(resource).max(resourcesLimit).optional(),
    versionLabel: text.optional(),
    /** Id of the release channel the instance runs. */
    channel: id.optional(),
    channelSequence: count.optional(),
    clusterId: id.optional(),
    kubernetes: z
      .strictObject({ version: text.optional(), distribution: text.optional() })
      .optional(),
    cloud: z.strictObject({ provider: text.optional(), region: text.optional() }).optional(),
    nodes: z.strictObject({ ready: count.optional(), total: count.optional() }).optional(),
    kurl: z.boolean().optional(),
    appManagerVersion: text.optional(),
    sdkVersion: text.optional(),
    tags: tags.optional(),
    /** The whole set of custom metrics: it replaces the current one. */
    metrics: metrics.optional(),
    /** Seconds within which the next check-in is promised. */
    nextWithin: z.int().min(60).max(86_400).optional(),
    /** "airgap": the report was carried here; `reportedAt` is when the instance wrote it. */
    source: z.literal('airgap').optional(),
    reportedAt: moment.optional(),
  })
  .superRefine((value, context) => {
    if ((value.source === undefined) === (value.reportedAt === undefined)) return;
    const path = value.source === undefined ? ['source'] : ['reportedAt'];
    context.addIssue({ code: 'custom', path, message: 'source and reportedAt come together' });
  });
export type PlainCheckIn = z.infer<typeof plainCheckIn>;

const plainCheckIns = z.array(plainCheckIn).min(1).max(checkInsLimit);

/**
 * The body of `POST /api/check-ins`: one check-in, or a list that is taken whole or refused whole. Pure.
 * @throws AppError invalid, naming the index and the field
 */
export function parsePlainCheckIns(
  body: string,
  hasReleaseZero: (channel: { id?: string; name?: string }) => boolean,
): CheckIn[] {
  const value = parseJson(body);
  const parsed = Array.isArray(value)
    ? plainCheckIns.safeParse(value, { reportInput: true })
    : plainCheckIn.safeParse(value, { reportInput: true });
  if (!parsed.success) throw new AppError('invalid', describeIssues(parsed.error.issues));
  const said = Array.isArray(parsed.data) ? parsed.data : [parsed.data];
  return said.map((one) => toCheckIn(one, hasReleaseZero));
}

function toCheckIn(
  said: PlainCheckIn,
  hasReleaseZero: (channel: { id?: string }) => boolean,
): CheckIn {
  const facts: Facts = {};
  const set = <Name extends keyof Facts>(name: Name, value: Facts[Name]) => {
    if (value !== undefined) facts[name] = value;
  };
  set('status', resolveStatus(said.status, said.resources));
  set('versionLabel', said.versionLabel);
  set('channelId', said.channel);
  if (said.channelSequence !== 0 || hasReleaseZero({ id: said.channel })) {
    set('channelSequence', said.channelSequence);
  }
  set('clusterId', said.clusterId);
  set('k8sVersion', said.kubernetes?.version);
  set('k8sDistribution', said.kubernetes?.distribution);
  set('cloudProvider', said.cloud?.provider);
  set('cloudRegion', said.cloud?.region);
  set('nodesReady', said.nodes?.ready);
  set('nodesTotal', said.nodes?.total);
  set('isKurl', said.kurl);
  set('appManagerVersion', said.appManagerVersion);
  set('sdkVersion', said.sdkVersion);
  const resources = said.resources && sortResources(said.resources);
  if (resources) facts.resourcesDigest = digest(resources);
  return {
    instanceId: said.instanceId,
    door: 'api',
    reportedAt: said.reportedAt ?? null,
    facts,
    inventories: resources ? { resources } : {},
    tags: said.tags ? { force: false, values: said.tags as Record<string, string> } : null,
    metrics: said.metrics ? (said.metrics as Metrics) : null,
    nextWithin: said.nextWithin ?? null,
  };
}
