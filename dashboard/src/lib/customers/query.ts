import type { CustomersQuery } from '#contract/customers.ts';
import { licenseTypes, type LicenseType } from '#contract/status.ts';

export const sortWords: Record<CustomersQuery['sort'], string> = {
  name: 'Name',
  worst: 'Worst status',
  active: 'Active',
  inactive: 'Inactive',
  airGap: 'Air gap',
  uptime: 'Uptime',
  lastCheckIn: 'Last check-in',
  channel: 'Channel',
  type: 'License',
  expires: 'Expiry',
};

/** All customers that are not archived, by name: the address without a question mark. */
export const everything: CustomersQuery = {
  search: '',
  app: [],
  channel: [],
  type: [],
  expiring: 'any',
  problems: false,
  archived: false,
  sort: 'name',
  direction: 'asc',
};

const isType = (word: string): word is LicenseType =>
  (licenseTypes as readonly string[]).includes(word);
const isSort = (word: string): word is CustomersQuery['sort'] => word in sortWords;

/** Reads an address; what it does not understand it leaves out, so that an old link still opens. */
export function readQuery(params: Pick<URLSearchParams, 'get' | 'getAll'>): CustomersQuery {
  const list = (name: string) => params.getAll(name).filter((value) => value !== '');
  const sort = params.get('sort') ?? '';
  const expiring = params.get('expiring');
  return {
    search: (params.get('search') ?? '').slice(0, 200),
    app: list('app'),
    channel: list('channel'),
    type: (params.get('type') ?? '').split(',').filter(isType),
    expiring: expiring === 'soon' || expiring === 'expired' ? expiring : 'any',
    problems: params.get('problems') === 'true',
    archived: params.get('archived') === 'true',
    sort: isSort(sort) ? sort : 'name',
    direction: params.get('direction') === 'desc' ? 'desc' : 'asc',
  };
}

/** The query as address and API write it: what holds by default is left out. */
export function writeQuery(query: CustomersQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (query.search !== '') params.set('search', query.search);
  for (const name of ['app', 'channel'] as const) {
    for (const value of query[name]) params.append(name, value);
    // A single value is read as a list with commas; a second, empty one says that it is not.
    if (query[name].length === 1 && query[name][0]?.includes(',')) params.append(name, '');
  }
  if (query.type.length > 0) params.set('type', query.type.join(','));
  if (query.expiring !== 'any') params.set('expiring', query.expiring);
  if (query.problems) params.set('problems', 'true');
  if (query.archived) params.set('archived', 'true');
  if (query.sort !== 'name') params.set('sort', query.sort);
  if (query.direction !== 'asc') params.set('direction', query.direction);
  return params;
}

/** True when the query narrows the list; order alone does not. */
export function isNarrowed(query: CustomersQuery): boolean {
  const order = { sort: query.sort, direction: query.direction };
  return writeQuery(query).toString() !== writeQuery({ ...everything, ...order }).toString();
}
