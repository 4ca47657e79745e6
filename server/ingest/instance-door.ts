import type { IncomingMessage, ServerResponse } from 'node:http';
import { locate } from '#server/clouds/index.ts';
import { sayPlainly } from './answer-plainly.ts';
import { readHeadersOf } from './bounded-headers.ts';
import { hear, openReport } from './calls.ts';
import { countIgnored } from './counters.ts';
import type { IngestDeps } from './index.ts';
import { parseInfoBody, withBody } from './parse-body.ts';
import type { ReportLimits } from './rate-limits.ts';
import { createRememberedReports, keyOfRequest } from './remembered-reports.ts';
import { reasonOf } from './tally.ts';

/**
 * Takes a request, or leaves it to the routes.
 * @param headers what every answer carries, each name before its value
 * @returns whether it answers the request
 */
export type InstanceDoor = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  headers: () => string[],
) => boolean;

const route = '/kots_metrics/license_instance/info';
/** Bytes of body. What is longer takes the usual way. */
const shortBody = 16 * 1024;
/** Reports remembered at once, about 1 KB each. */
const rememberedLimit = 16_384;

const empty = ['Content-Type', 'text/plain; charset=UTF-8', 'Content-Length', '0'];

/**
 * The short way of what instances say all day. It answers as the route of that path does, without what pages and people
 * need of a request. Whatever is unusual (a long or chunked body, an id that the sender gave the request, a log that
 * wants a line for each, a server that has no room) is left to the route.
 */
export function createInstanceDoor(deps: IngestDeps, limits: ReportLimits): InstanceDoor {
  const remembered = createRememberedReports(rememberedLimit);

  async function take(incoming: IncomingMessage, body: Buffer): Promise<void> {
    const key = keyOfRequest(incoming.rawHeaders, body);
    const known = remembered.get(key);
    if (known && (await deps.licensees.find(known.licenseId))) {
      const { licenseId, checkIn } = known;
      deps.recorder.requireRoom();
      countIgnored(known.ignored);
      limits.admit(licenseId, [checkIn.instanceId]);
      const address = deps.addressOf(incoming);
      await deps.recorder.record({ licenseId, checkIns: locate([checkIn], address, deps.clouds) });
      return;
    }
    const call = await openReport(readHeadersOf(incoming), deps, limits);
    const said = parseInfoBody(new TextDecoder().decode(body));
    const checkIn = call.checkIn && withBody(call.checkIn, said);
    const { licenseId } = call.licensee;
    if (checkIn && !call.askedForReleases)
      remembered.set(key, { licenseId, checkIn, ignored: call.ignored });
    await hear(call, checkIn, deps.addressOf(incoming), deps);
  }

  async function answer(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    body: Buffer,
    headers: string[],
  ): Promise<void> {
    try {
      await take(incoming, body);
      outgoing.writeHead(200, [...headers, ...empty]).end();
    } catch (error) {
      deps.tally.refused(reasonOf(error));
      const said = sayPlainly(error, deps.log, { method: 'POST', route });
      const text = Buffer.from(said.text);
      const own = Object.entries({ ...said.headers, 'Content-Length': String(text.length) });
      outgoing.writeHead(said.status, [...headers, ...own.flat()]).end(text);
    }
  }

  return (incoming, outgoing, headers) => {
    if (incoming.url !== route || incoming.method !== 'POST') return false;
    const length = usualLength(incoming.rawHeaders);
    if (length === null || deps.log.isLevelEnabled('debug') || !hasRoom(deps)) return false;
    readWhole(incoming, length, (body) => void answer(incoming, outgoing, body, headers()));
    return true;
  };
}

/** The body's length in bytes; null: the request is none of the usual ones. */
function usualLength(rawHeaders: string[]): number | null {
  let length = 0;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    // Cheap first: hardly any other header has a name as long as one of these.
    const size = rawHeaders[i]!.length;
    if (size !== 12 && size !== 14 && size !== 17) continue;
    const name = rawHeaders[i]!.toLowerCase();
    if (name === 'x-request-id' || name === 'transfer-encoding') return null;
    if (name === 'content-length') length = Number(rawHeaders[i + 1]);
  }
  return length <= shortBody ? length : null;
}

function hasRoom({ recorder }: Pick<IngestDeps, 'recorder'>): boolean {
  try {
    recorder.requireRoom();
    return true;
  } catch {
    return false;
  }
}

const nothing = Buffer.alloc(0);

/** Calls `then` once the body is there; never, if its sender goes away before. */
function readWhole(incoming: IncomingMessage, length: number, then: (body: Buffer) => void): void {
  if (length === 0) return then(nothing);
  let body: Buffer | null = null;
  incoming.on('data', (chunk: Buffer) => (body = body ? Buffer.concat([body, chunk]) : chunk));
  incoming.on('end', () => then(body ?? nothing));
}
