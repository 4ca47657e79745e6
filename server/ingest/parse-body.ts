import type { ResourceState } from '#contract/instance.ts';
import { appStatuses, type AppStatus, type StatusValue } from '#contract/status.ts';
import type { CheckIn } from '#domain/model.ts';
import { aggregateStatus } from '#domain/status.ts';
import { AppError } from '#server/errors.ts';
import { digest } from './digest.ts';
import { describeMetricProblem, type Metrics } from './parse-metrics.ts';
import { parseJson } from './read-body.ts';
import { isReservedName, isStorable, quote, textLimit } from '#server/text.ts';

export const resourcesLimit = 2000;
const imagesLimit = 2000;
const digestsLimit = 50;
const imageLimit = 1000;

/** The longer parts that the body of a report or update check may carry. */
export interface InfoBody {
  resources?: ResourceState[];
  images?: Record<string, string[]>;
}

/**
 * The body of an instance report: empty, `{}`, or with `resource_states` (a string of JSON) and `running_images`.
 * Fields it does not know are left alone. Pure.
 * @throws AppError invalid, naming the field
 */
export function parseInfoBody(text: string): InfoBody {
  if (text.trim() === '') return {};
  const body = objectOf(parseJson(text), 'The body');
  return {
    resources: readResourceStates(body.resource_states),
    images: readImages(body.running_images),
  };
}

/**
 * The body of `POST /application/custom-metrics`: `{"data": {name: scalar}}`, the instance's whole set. Pure.
 * @throws AppError invalid, naming the metric
 */
export function parseMetricsBody(text: string): Metrics {
  const body = objectOf(parseJson(text), 'The body');
  const data = objectOf(body.data, 'data');
  const problem = describeMetricProblem(data);
  if (problem) throw new AppError('invalid', problem);
  return data as Metrics;
}

/** The check-in with what its body adds. A status the headers name counts; else the resources' worst. */
export function withBody(checkIn: CheckIn, body: InfoBody): CheckIn {
  const facts = { ...checkIn.facts };
  const inventories = { ...checkIn.inventories };
  const status = resolveStatus(facts.status, body.resources);
  if (status) facts.status = status;
  if (body.resources) {
    const resources = sortResources(body.resources);
    inventories.resources = resources;
    facts.resourcesDigest = digest(resources);
  }
  if (body.images) {
    inventories.images = body.images;
    facts.imagesDigest = digest(body.images);
  }
  return { ...checkIn, facts, inventories };
}

/**
 * The status a report means: the one it names, else its resources' worst. `ready` with an explicit empty list means
 * that no status informer vouches for it.
 */
export function resolveStatus(
  named: StatusValue | undefined,
  resources: ResourceState[] | undefined,
): StatusValue | undefined {
  if (named === 'ready' && resources?.length === 0) return 'unmonitored';
  if (named !== undefined || !resources) return named;
  return aggregateStatus(resources);
}

/** In one order, so that the same resources have the same digest. */
export function sortResources(resources: ResourceState[]): ResourceState[] {
  const key = (one: ResourceState) => `${one.kind}\0${one.namespace}\0${one.name}`;
  return resources.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

function readResourceStates(value: unknown): ResourceState[] | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw fault('resource_states', 'must be a string that holds JSON');
  let list: unknown;
  try {
    list = JSON.parse(value);
  } catch {
    throw fault('resource_states', 'does not hold valid JSON');
  }
  if (list === null) return undefined;
  if (!Array.isArray(list)) throw fault('resource_states', 'must hold a list');
  if (list.length > resourcesLimit) {
    throw fault('resource_states', `holds more than ${resourcesLimit} resources`);
  }
  return list.map((entry: unknown, index) => readResource(entry, `resource_states[${index}]`));
}

function readResource(entry: unknown, where: string): ResourceState {
  const { kind, name, namespace, state } = objectOf(entry, where);
  const known = appStatuses.find((status): status is AppStatus => status === state);
  if (!known) {
    const given = typeof state === 'string' ? quote(state) : String(typeof state);
    throw fault(`${where}.state`, `must be one of ${appStatuses.join(', ')}, not ${given}`);
  }
  return {
    kind: readText(kind, `${where}.kind`),
    name: readText(name, `${where}.name`),
    namespace:
      namespace === undefined || namespace === null
        ? ''
        : readText(namespace, `${where}.namespace`),
    state: known,
  };
}

function readImages(value: unknown): Record<string, string[]> | undefined {
  if (value === undefined || value === null) return undefined;
  const images = Object.entries(objectOf(value, 'running_images'));
  if (images.length > imagesLimit)
    throw fault('running_images', `holds more than ${imagesLimit} images`);
  const kept = images.map(([image, digests]): [string, string[]] => {
    const where = `running_images[${quote(image)}]`;
    readText(image, where, imageLimit);
    if (isReservedName(image)) throw fault(where, 'is no image');
    if (!Array.isArray(digests) || digests.length > digestsLimit) {
      throw fault(where, `must be a list of at most ${digestsLimit} digests`);
    }
    return [image, digests.map((one: unknown) => readText(one, where)).sort()];
  });
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readText(value: unknown, where: string, limit = textLimit): string {
  if (typeof value === 'string' && value.length <= limit && isStorable(value)) return value;
  throw fault(where, `must be text of at most ${limit} characters`);
}

function objectOf(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw fault(where, 'must be a JSON object');
}

const fault = (where: string, problem: string) => new AppError('invalid', `${where} ${problem}.`);
