import { METHODS } from 'node:http';
import fc from 'fast-check';

/** A request as anybody may send it: any method, address, headers and body that HTTP lets through. */
export interface AnyRequest {
  method: string;
  path: string;
  headers: [name: string, value: string][];
  body: string | Uint8Array | null;
}

export interface Known {
  /** The route table: methods with path patterns, such as `/api/customers/:id`. */
  routes: { method: string; path: string }[];
  /** Values that mean something: ids of customers, instances, apps. */
  words: string[];
}

const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/);
/** Node's parser lets no other through, and `Request` none of these three. */
const methods = fc.constantFrom(
  ...METHODS.filter((name) => !['CONNECT', 'TRACE', 'TRACK'].includes(name)),
);

/** Header values as Node hands them over: bytes as Latin-1, without control characters. */
const latin1 = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((n) => String.fromCharCode(n)) })
  .map((text) => text.replace(/\x7f/g, ''));
const extremes = fc.constantFrom(
  ...['', '0', '-1', '1e309', 'NaN', 'true', 'null', '[]', '{}', '%00', '\u00ff', 'x'.repeat(400)],
  ...[
    '9'.repeat(30),
    '2026-11-24T00:00:00Z',
    '__proto__',
    'constructor',
    "'; drop table users",
    '../..',
  ],
);
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), extremes);
const base64Json = fc.json().map((json) => Buffer.from(json).toString('base64'));

const headerNames = [
  ...['accept', 'accept-encoding', 'accept-language', 'content-type', 'content-length', 'range'],
  ...['if-none-match', 'if-modified-since', 'origin', 'referer', 'sec-fetch-site', 'user-agent'],
  ...['x-request-id', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded'],
  ...['host', 'authorization', 'cookie', 'transfer-encoding', 'upgrade', 'x-http-method-override'],
  ...['x-replicated-instanceid', 'x-replicated-appstatus', 'x-replicated-instancetagdata'],
  ...['x-replicated-embeddedclusternodes', 'x-replicated-k8sversion', 'x-replicated-clusterid'],
  ...['x-replicated-downstreamchannelsequence', 'x-replicated-downstreamchannelname'],
];
const header = fc.tuple(
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...headerNames) },
    { weight: 1, arbitrary: token },
  ),
  fc.oneof(
    latin1,
    base64Json,
    extremes,
    fc.constantFrom('application/json', 'text/plain', 'multipart/form-data', 'gzip', 'bytes=0-1'),
    fc.constantFrom('application/x-www-form-urlencoded', 'ready', 'same-origin', 'chunked'),
  ),
);

/** Bodies that look like what some route wants, or like nothing. */
function bodies(words: string[]) {
  const keys = fc.constantFrom(
    ...[
      'instanceId',
      'status',
      'resources',
      'metrics',
      'tags',
      'kubernetes',
      'nodes',
      'reportedAt',
    ],
    ...['source', 'data', 'resource_states', 'running_images', 'email', 'password', 'name', 'role'],
    ...['token', 'scope', 'currentPassword', 'newPassword', 'revokeOtherSessions', 'rememberMe'],
    ...['callbackURL', 'kind', 'state', 'version', 'ready', 'total', '__proto__', 'toString'],
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      anyText,
      fc.constantFrom(...words, 'ready', 'airgap', 'owner', 'viewer', 'read', 'a@b.example'),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 6 }),
    ),
  }));
  const report = fc.record(
    {
      instanceId: fc.oneof(anyText, fc.constantFrom(...words)),
      status: value,
      metrics: value,
      tags: value,
    },
    { requiredKeys: ['instanceId'] },
  );
  return fc.oneof(
    fc.constant(null),
    anyText,
    fc.uint8Array({ maxLength: 200 }),
    fc.oneof(value, report, fc.array(report)).map((content) => JSON.stringify(content) ?? ''),
    fc.json(),
  );
}

/** One segment of a path or one value of a query, written down rightly or wrongly. */
const written = (words: string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...words) },
    { weight: 1, arbitrary: anyText.map((text) => encodeURIComponent(text.toWellFormed())) },
    { weight: 1, arbitrary: fc.constantFrom(...misspelt) },
    { weight: 1, arbitrary: fc.integer().map(String) },
  );
const misspelt = ['%', '%f', '%ff', '%00', '%2e%2e', '%2F', '%ed%a0%80', '', '.', '~', '*', ':id'];

/** A method and a path: mostly those of a route, with other values in its places. */
function targets({ routes, words }: Known): fc.Arbitrary<Pick<AnyRequest, 'method' | 'path'>> {
  const segment = written(words);
  const values = fc.array(segment, { minLength: 6, maxLength: 6 });
  const route = fc.tuple(fc.constantFrom(...routes), values).map(([{ method, path }, given]) => {
    let next = 0;
    const filled = path.replace(/:\w+(\{[^}]*\})?\??|\*/g, () => given[next++ % given.length]!);
    return { method: method === 'ALL' ? 'POST' : method, path: filled };
  });
  const otherMethod = fc.tuple(route, methods).map(([{ path }, method]) => ({ method, path }));
  const anywhere = fc.record({
    method: methods,
    path: fc.array(segment, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
  });
  return fc.oneof(
    { weight: 8, arbitrary: route },
    { weight: 1, arbitrary: otherMethod },
    { weight: 1, arbitrary: anywhere },
  );
}

function queries(words: string[]): fc.Arbitrary<string> {
  const name = fc.constantFrom(
    ...['page', 'search', 'sort', 'direction', 'customer', 'archived', 'before', 'attention'],
    ...['channelSequence', 'selectedChannelId', 'sortOrder', 'token', '__proto__', '', '%'],
  );
  return fc
    .array(fc.tuple(name, written(words)), { maxLength: 4 })
    .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'));
}

export function anyRequest(known: Known): fc.Arbitrary<AnyRequest> {
  const headers = fc.array(header, { maxLength: 6 });
  return fc
    .tuple(targets(known), queries(known.words), headers, bodies(known.words))
    .map(([{ method, path }, query, given, body]) => ({
      method,
      path: query ? `${path}?${query}` : path,
      headers: given,
      body,
    }));
}

/** Null: not even `Request` takes it, so that no HTTP client could send it. */
export function toRequest(any: AnyRequest, more: Record<string, string>): Request | null {
  const bodyless = any.method === 'GET' || any.method === 'HEAD';
  try {
    const headers = new Headers(more);
    for (const [name, value] of any.headers) if (!(name in more)) headers.append(name, value);
    return new Request(new URL(any.path, 'http://127.0.0.1:3000'), {
      method: any.method,
      headers,
      body: bodyless ? null : (any.body as RequestInit['body']),
    });
  } catch {
    return null;
  }
}
