import type { ScreenScope } from '#contract/screens.ts';
import type { LicenseType } from '#contract/status.ts';

const listOf = (query: Pick<URLSearchParams, 'getAll'>, name: string) =>
  query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '');

/** Which instances the page's address asks for: `apps`, `channels`, `customers`, `tags`, `licenseTypes`; none: all. Pure. */
export function scopeOfQuery(query: Pick<URLSearchParams, 'getAll'>): ScreenScope {
  return {
    apps: listOf(query, 'apps'),
    channels: listOf(query, 'channels'),
    customers: listOf(query, 'customers'),
    tags: listOf(query, 'tags'),
    // What is no license type is refused by the server, in words.
    licenseTypes: listOf(query, 'licenseTypes') as LicenseType[],
  };
}

/** The same for the API's query string. Pure. */
export function writeScope(scope: ScreenScope): string {
  const params = new URLSearchParams();
  for (const [name, values] of Object.entries(scope))
    for (const value of values) params.append(name, value);
  return params.toString();
}
