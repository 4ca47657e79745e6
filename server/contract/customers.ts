import { z } from 'zod';
import { catalogId, customerEmail, displayName, licenseTerms } from './catalog.ts';
import type { BarAxis, Instant } from './instance.ts';
import { queryList } from './query.ts';
import { type Attention, type LicenseType, licenseTypes } from './status.ts';
import { integerLimit, isStorable } from './text.ts';

export const customerRequest = z.strictObject({
  /** Left out: made from the name. */
  id: catalogId.optional(),
  app: catalogId,
  /** Id of one of the app's channels. */
  channel: catalogId,
  name: displayName,
  email: customerEmail.nullable().default(null),
  license: licenseTerms,
});

const revision = z.int().min(0).max(integerLimit);

/** What is left out stays as it is. */
export const customerChange = z.strictObject({
  revision,
  name: displayName.optional(),
  email: customerEmail.nullable().optional(),
  channel: catalogId.optional(),
  license: licenseTerms.partial().optional(),
  /**
   * The vendor's signed license document, answered byte for byte; null: the generated one from now on. Left out: as it
   * is; then a change that a signed document would contradict is refused.
   */
  document: z.string().max(1_000_000).refine(isStorable).nullable().optional(),
});
/** Archive, restore, rotate the license id. */
export const customerDeed = z.strictObject({ revision });

/** The answer to every edit. */
export interface EditedCustomer {
  id: string;
  revision: number;
}
export interface RotatedLicense extends EditedCustomer {
  licenseId: string;
}

/** How a customer installs the channel's latest release. */
export interface InstallInstructions {
  release: { versionLabel: string; promotedAt: Instant } | null;
  /** One sentence that says what the vendor has to do first; null: nothing. */
  missing: string | null;
  online: InstallStep[];
  /** Null: the license has no Air gap feature. */
  airGap: InstallStep[] | null;
  /** False: the reader may not see the license id, and a placeholder stands for it. */
  complete: boolean;
}
export interface InstallStep {
  title: string;
  /** For a POSIX shell; values are quoted. */
  commands: string;
}

export const customerSortKeys = [
  'name',
  'channel',
  'type',
  'expires',
  'active',
  'inactive',
  'airGap',
  'worst',
  'uptime',
  'lastCheckIn',
] as const;

/** What the list of customers is asked for; the same words stand in the page's URL and in the API's query string. */
export const customersQuery = z.object({
  search: z.string().max(200).default(''),
  app: queryList.pipe(z.array(z.string().max(200)).max(100)).default([]),
  channel: queryList.pipe(z.array(z.string().max(200)).max(100)).default([]),
  type: queryList.pipe(z.array(z.enum(licenseTypes))).default([]),
  /** `soon`: within 30 days. */
  expiring: z.enum(['any', 'soon', 'expired']).default('any'),
  /** Only those with an instance that is unavailable, missing, degraded, refused or late. */
  problems: z.union([z.boolean(), z.stringbool()]).default(false),
  archived: z.union([z.boolean(), z.stringbool()]).default(false),
  sort: z.enum(customerSortKeys).default('name'),
  direction: z.enum(['asc', 'desc']).default('asc'),
});
export type CustomersQuery = z.infer<typeof customersQuery>;

export const customersPageQuery = customersQuery.extend({
  page: z.coerce.number().int().min(0).max(100_000).default(0),
});

export { expiresSoonDays } from './status.ts';

/** One customer in the list. */
export interface CustomerRow {
  id: string;
  /** Raised by every change of the customer, its license, its instances or the catalog. */
  revision: number;
  name: string;
  app: { slug: string; name: string };
  channel: { id: string; name: string };
  license: { type: LicenseType; expiresAt: Instant | null };
  archived: boolean;
  /** As on the customer's page: each instance in one of them. */
  counts: { active: number; airGap: number; inactive: number };
  /** Of the instances that are not archived, the most urgent; null: there is none. */
  worst: Attention | null;
  /** Seconds of known time of these instances over the two weeks of the bars, as of the page's `asOf`. */
  uptime: { up: number; degraded: number; down: number };
  lastCheckInAt: Instant | null;
}

export interface CustomersPage {
  asOf: Instant;
  /** The two weeks of the bars that `uptime` sums up. */
  axis: BarAxis;
  /** Rows that match the query, over all pages. */
  matching: number;
  page: number;
  /** Customers that are not archived, and those that are. */
  total: number;
  archived: number;
  rows: CustomerRow[];
}

/** Values that the list offers as filters. */
export interface CustomerFacets {
  apps: { slug: string; name: string; customers: number }[];
  channels: { id: string; name: string; app: string; customers: number }[];
}
