import type { Instant } from '#contract/instance.ts';
import { type EventCategory, eventCategories } from '#contract/status.ts';

/** What part of an instance's activity is shown. */
export interface ActivityFilter {
  /** Empty: all of them. */
  types: EventCategory[];
  /** Part of a field's name or of a value. */
  text: string;
  /** Events at or after, and before, these moments. */
  after: Instant | null;
  before: Instant | null;
}

export const allActivity: ActivityFilter = { types: [], text: '', after: null, before: null };

/** Names of the filter in the address and in the API's query string. */
const names = ['types', 'text', 'after', 'before'] as const;

const isCategory = (word: string): word is EventCategory =>
  (eventCategories as readonly string[]).includes(word);

function readInstant(text: string | null): Instant | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** Reads an address; what it does not understand it leaves out, so that an old link still opens. */
export function readFilter(params: Pick<URLSearchParams, 'get'>): ActivityFilter {
  return {
    types: (params.get('types') ?? '').split(',').filter(isCategory),
    text: (params.get('text') ?? '').slice(0, 200),
    after: readInstant(params.get('after')),
    before: readInstant(params.get('before')),
  };
}

/** The filter as address and API write it: what holds by default is left out. */
export function writeFilter(filter: ActivityFilter): URLSearchParams {
  const params = new URLSearchParams();
  if (filter.types.length > 0) params.set('types', filter.types.join(','));
  if (filter.text !== '') params.set('text', filter.text);
  if (filter.after !== null) params.set('after', filter.after);
  if (filter.before !== null) params.set('before', filter.before);
  return params;
}

/** The rest of the address with another filter in it. */
export function replaceFilter(
  address: Iterable<[name: string, value: string]>,
  filter: ActivityFilter,
): [name: string, value: string][] {
  const rest = [...address].filter(([name]) => !(names as readonly string[]).includes(name));
  return [...rest, ...writeFilter(filter)];
}

export const isNarrowed = (filter: ActivityFilter): boolean => writeFilter(filter).size > 0;

export const isSameFilter = (one: ActivityFilter, other: ActivityFilter): boolean =>
  writeFilter(one).toString() === writeFilter(other).toString();

/**
 * Whether an event that just arrived belongs into the list; null: only the server can say, since it alone reads text.
 */
export function judgeArrival(
  filter: ActivityFilter,
  event: { category: EventCategory; at: Instant },
): boolean | null {
  if (filter.types.length > 0 && !filter.types.includes(event.category)) return false;
  if (filter.after !== null && event.at < filter.after) return false;
  if (filter.before !== null && event.at >= filter.before) return false;
  return filter.text === '' ? true : null;
}
