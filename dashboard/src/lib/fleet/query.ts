import type { FleetQuery } from '#contract/reports.ts';
import { type Attention, attentionOrder } from '#contract/status.ts';

export const sortWords: Record<FleetQuery['sort'], string> = {
  attention: 'Attention',
  name: 'Instance',
  customer: 'Customer',
  version: 'Version',
  distribution: 'Kubernetes',
  lastCheckIn: 'Last check-in',
  firstSeen: 'First seen',
};

/** Everything, in attention order: the address without a question mark. */
export const everything: FleetQuery = {
  search: '',
  attention: [],
  customer: [],
  channel: [],
  version: [],
  distribution: [],
  connection: 'any',
  archived: false,
  sort: 'attention',
  direction: 'asc',
};

const isAttention = (word: string): word is Attention =>
  (attentionOrder as readonly string[]).includes(word);
const isSort = (word: string): word is FleetQuery['sort'] => word in sortWords;

/** Reads an address; what it does not understand it leaves out, so that an old link still opens. */
export function readQuery(params: Pick<URLSearchParams, 'get' | 'getAll'>): FleetQuery {
  const list = (name: string) => params.getAll(name).filter((value) => value !== '');
  const sort = params.get('sort') ?? '';
  const connection = params.get('connection');
  return {
    search: (params.get('search') ?? '').slice(0, 200),
    attention: (params.get('attention') ?? '').split(',').filter(isAttention),
    customer: list('customer'),
    channel: list('channel'),
    version: list('version'),
    distribution: list('distribution'),
    connection: connection === 'online' || connection === 'airgap' ? connection : 'any',
    archived: params.get('archived') === 'true',
    sort: isSort(sort) ? sort : 'attention',
    direction: params.get('direction') === 'desc' ? 'desc' : 'asc',
  };
}

/** The query as address and API write it: what holds by default is left out. */
export function writeQuery(query: FleetQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (query.search !== '') params.set('search', query.search);
  if (query.attention.length > 0) params.set('attention', query.attention.join(','));
  for (const name of ['customer', 'channel', 'version', 'distribution'] as const) {
    for (const value of query[name]) params.append(name, value);
    // A single value is read as a list with commas; a second, empty one says that it is not.
    if (query[name].length === 1 && query[name][0]?.includes(',')) params.append(name, '');
  }
  if (query.connection !== 'any') params.set('connection', query.connection);
  if (query.archived) params.set('archived', 'true');
  if (query.sort !== 'attention') params.set('sort', query.sort);
  if (query.direction !== 'asc') params.set('direction', query.direction);
  return params;
}

/** True when the query narrows the list; order alone does not. */
export function isNarrowed(query: FleetQuery): boolean {
  const order = { sort: query.sort, direction: query.direction };
  return writeQuery(query).toString() !== writeQuery({ ...everything, ...order }).toString();
}
