import { connect } from 'node:net';

/**
 * Requests byte for byte as stock clients put them on the wire: Go's net/http, with its spelling and order of headers.
 * Read from the sources of replicatedhq/replicated-sdk and replicatedhq/kots (August 2026).
 */
export interface ClientRequest {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

/** What an SDK knows of its instance. The defaults are those of a start, before anything is known. */
export interface SdkState {
  licenseId: string;
  appSlug: string;
  version?: string;
  instanceId?: string;
  clusterId?: string;
  channelId?: string;
  channelName?: string;
  channelSequence?: number;
  licenseChannelId?: string;
  licenseSequence?: number;
  appStatus?: string;
  /** Undefined: not initialized, so not sent. */
  resourceStates?: { kind: string; name: string; namespace: string; state: string }[];
  runningImages?: Record<string, string[]>;
  k8sVersion?: string;
  k8sDistribution?: string;
  tags?: { force: boolean; tags: Record<string, string> };
}

const basic = (licenseId: string) =>
  `Basic ${Buffer.from(`${licenseId}:${licenseId}`).toString('base64')}`;

function sdkHeaders(state: SdkState): Record<string, string> {
  const headers: Record<string, string> = {
    'User-Agent': `Replicated-SDK/${state.version ?? 'v1.9.0'}`,
    Authorization: basic(state.licenseId),
    'X-Replicated-K8sVersion': state.k8sVersion ?? '',
    'X-Replicated-ClusterID': state.clusterId ?? '',
    'X-Replicated-InstanceID': state.instanceId ?? '',
    'X-Replicated-DownstreamChannelSequence': String(state.channelSequence ?? 0),
  };
  if (state.appStatus) headers['X-Replicated-AppStatus'] = state.appStatus;
  if (state.channelId) headers['X-Replicated-DownstreamChannelID'] = state.channelId;
  else if (state.channelName) headers['X-Replicated-DownstreamChannelName'] = state.channelName;
  if (state.k8sDistribution) headers['X-Replicated-K8sDistribution'] = state.k8sDistribution;
  if (state.tags) {
    const json = JSON.stringify(state.tags);
    headers['X-Replicated-InstanceTagData'] = Buffer.from(json).toString('base64');
  }
  return headers;
}

function sdkBody(state: SdkState): string {
  const payload: Record<string, unknown> = {};
  if (state.resourceStates) payload.resource_states = JSON.stringify(state.resourceStates);
  if (Object.values(state.runningImages ?? {}).some((digests) => digests.length > 0)) {
    payload.running_images = state.runningImages;
  }
  return JSON.stringify(payload);
}

const json = { 'Content-Type': 'application/json' };

/** The Replicated SDK's calls. */
export const sdk = {
  license: (state: SdkState): ClientRequest => ({
    method: 'GET',
    path: `/license/${state.appSlug}`,
    headers: sdkHeaders(state),
    body: null,
  }),
  licenseFields: (state: SdkState): ClientRequest => ({
    method: 'GET',
    path: '/license/fields',
    headers: sdkHeaders(state),
    body: null,
  }),
  licenseField: (state: SdkState, name: string): ClientRequest => ({
    method: 'GET',
    path: `/license/field/${name}`,
    headers: sdkHeaders(state),
    body: null,
  }),
  pending: (state: SdkState): ClientRequest => {
    const moved = state.licenseChannelId && state.licenseChannelId !== state.channelId;
    const query = [
      `channelSequence=${moved ? '' : (state.channelSequence ?? 0)}`,
      'isSemverSupported=true',
      `licenseSequence=${state.licenseSequence ?? 1}`,
      'sortOrder=desc',
    ];
    return {
      method: 'POST',
      path: `/release/${state.appSlug}/pending?${query.join('&')}`,
      headers: { ...sdkHeaders(state), ...json },
      body: sdkBody(state),
    };
  },
  info: (state: SdkState): ClientRequest => ({
    method: 'POST',
    path: '/kots_metrics/license_instance/info',
    headers: { ...sdkHeaders(state), ...json },
    body: sdkBody(state),
  }),
  customMetrics: (state: SdkState, data: Record<string, unknown>): ClientRequest => ({
    method: 'POST',
    path: '/application/custom-metrics',
    headers: { ...sdkHeaders(state), ...json },
    body: JSON.stringify({ data }),
  }),
};

/** What KOTS knows of its instance; what is left out is as in a cluster where nothing of it applies. */
export interface KotsState {
  licenseId: string;
  appSlug: string;
  version?: string;
  instanceId: string;
  clusterId?: string;
  appStatus?: string;
  k8sVersion?: string;
  k8sDistribution?: string;
  channelId?: string;
  cursor?: string;
  isKurl?: boolean;
  kurlNodes?: { total: number; ready: number };
  embeddedClusterNodes?: string;
  installStatus?: string;
  licenseSequence?: number;
  lastUpdateCheckAt?: string;
}

function kotsHeaders(state: KotsState): Record<string, string> {
  const headers: Record<string, string> = {
    'User-Agent': `KOTS/${state.version ?? 'v1.128.0'}`,
    Authorization: basic(state.licenseId),
    'X-Replicated-K8sVersion': state.k8sVersion ?? 'v1.31.2',
    'X-Replicated-IsKurl': String(state.isKurl ?? false),
    'X-Replicated-AppStatus': state.appStatus ?? '',
    'X-Replicated-ClusterID': state.clusterId ?? 'kots-cluster',
    'X-Replicated-InstanceID': state.instanceId,
    'X-Replicated-ReplHelmInstalls': '0',
    'X-Replicated-NativeHelmInstalls': '1',
    'X-Replicated-SkipPreflights': 'false',
    'X-Replicated-KurlNodeCountTotal': String(state.kurlNodes?.total ?? 0),
    'X-Replicated-KurlNodeCountReady': String(state.kurlNodes?.ready ?? 0),
    'X-Replicated-IsGitOpsEnabled': 'false',
    'X-Replicated-GitOpsProvider': '',
    'X-Replicated-SnapshotProvider': 'velero',
    'X-Replicated-SnapshotFullSchedule': '0 0 * * MON',
    'X-Replicated-SnapshotFullTTL': '720h',
    'X-Replicated-SnapshotPartialSchedule': '',
    'X-Replicated-SnapshotPartialTTL': '720h',
    'X-Replicated-KotsInstallID': '2abcKotsInstall',
    'X-Replicated-DownstreamSequence': '3',
    'X-Replicated-DownstreamSource': 'Upstream Update',
    'X-Replicated-InstallStatus': state.installStatus ?? 'deployed',
    'X-Replicated-PreflightStatus': 'pass',
  };
  if (state.cursor) headers['X-Replicated-DownstreamChannelSequence'] = state.cursor;
  if (state.channelId) headers['X-Replicated-DownstreamChannelID'] = state.channelId;
  if (state.k8sDistribution) headers['X-Replicated-K8sDistribution'] = state.k8sDistribution;
  if (state.embeddedClusterNodes) {
    headers['X-Replicated-EmbeddedClusterID'] = 'embedded-cluster';
    headers['X-Replicated-EmbeddedClusterVersion'] = '2.4.0+k8s-1.31';
    headers['X-Replicated-EmbeddedClusterNodes'] = state.embeddedClusterNodes;
  }
  return headers;
}

/** KOTS's calls. */
export const kots = {
  license: (state: KotsState): ClientRequest => ({
    method: 'GET',
    path: `/license/${state.appSlug}?licenseSequence=${state.licenseSequence ?? 1}`,
    headers: kotsHeaders(state),
    body: null,
  }),
  pending: (state: KotsState): ClientRequest => {
    const query = new URLSearchParams({
      channelSequence: state.cursor ?? '',
      isEmbeddedCluster: 'false',
      isSemverSupported: 'true',
      ...(state.lastUpdateCheckAt ? { lastUpdateCheckAt: state.lastUpdateCheckAt } : {}),
      licenseSequence: String(state.licenseSequence ?? 1),
      selectedChannelId: state.channelId ?? '',
    });
    return {
      method: 'GET',
      path: `/release/${state.appSlug}/pending?${query.toString()}`,
      headers: kotsHeaders(state),
      body: null,
    };
  },
  info: (state: KotsState): ClientRequest => ({
    method: 'POST',
    path: '/kots_metrics/license_instance/info',
    headers: { ...kotsHeaders(state), ...json },
    body: null,
  }),
};

/** The request's bytes, as Go writes them: Host, User-Agent, length, then the other headers in order of their names. */
export function toBytes(request: ClientRequest, host: string): Buffer {
  const { 'User-Agent': userAgent, ...rest } = request.headers;
  const lines = [
    `${request.method} ${request.path} HTTP/1.1`,
    `Host: ${host}`,
    `User-Agent: ${userAgent ?? 'Go-http-client/1.1'}`,
  ];
  if (request.method === 'POST')
    lines.push(`Content-Length: ${Buffer.byteLength(request.body ?? '')}`);
  const named = Object.entries(rest).map(([name, value]) => [canonicalName(name), value] as const);
  for (const [name, value] of named.sort(([a], [b]) => (a < b ? -1 : 1)))
    lines.push(`${name}: ${value}`);
  lines.push('Accept-Encoding: gzip', '', request.body ?? '');
  return Buffer.from(lines.join('\r\n'), 'utf8');
}

/** Go's spelling: `X-Replicated-K8sVersion` goes out as `X-Replicated-K8sversion`. */
function canonicalName(name: string): string {
  return name
    .toLowerCase()
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('-');
}

/** Sends the request's bytes over a socket of its own and reads the answer. */
export async function send(url: string, request: ClientRequest): Promise<Answer> {
  const { hostname, port, host } = new URL(url);
  return sendBytes({ hostname, port: Number(port) }, toBytes(request, host));
}

/** Sends bytes as they are; the connection is ended once the answer is whole. */
export function sendBytes(to: { hostname: string; port: number }, bytes: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(to.port, to.hostname, () => socket.write(bytes));
    let received = Buffer.alloc(0);
    const finish = () => {
      const answer = parseAnswer(received);
      if (answer) {
        resolve(answer);
        socket.destroy();
      }
      return answer !== null;
    };
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      finish();
    });
    socket.on('end', () => {
      if (!finish()) reject(new Error(`The answer was cut off: ${received.toString('latin1')}`));
    });
    socket.on('error', (error) => {
      if (!finish()) reject(error);
    });
    socket.setTimeout(20_000, () => socket.destroy(new Error('No answer within 20 s.')));
  });
}

/** Null: not whole yet. Node's answers here carry a length, or are chunked. */
function parseAnswer(bytes: Buffer): Answer | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Headers(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const rest = bytes.subarray(end + 4);
  const body = headers.has('content-length')
    ? rest.length >= Number(headers.get('content-length'))
      ? rest
      : null
    : headers.get('transfer-encoding') === 'chunked'
      ? unchunk(rest)
      : rest;
  if (!body) return null;
  return { status: Number(statusLine.split(' ')[1]), headers, body: body.toString('utf8') };
}

function unchunk(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = parseInt(bytes.subarray(at, line).toString('latin1'), 16);
    if (size === 0) return Buffer.concat(parts);
    if (bytes.length < line + 2 + size + 2) return null;
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
