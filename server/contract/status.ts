/** App statuses a report may name, worst first. An app's status is the worst of its resources'. */
export const appStatuses = ['missing', 'unavailable', 'degraded', 'updating', 'ready'] as const;
export type AppStatus = (typeof appStatuses)[number];

/**
 * A status as history keeps it. `unmonitored` is a `ready` that no status informer vouches for:
 * shown as "Ready – not monitored", and no data for uptime.
 */
export type StatusValue = AppStatus | 'unmonitored';

/** What an instance asks of the person looking, most urgent first. Every list and screen sorts by it. */
export const attentionOrder = [
  'unavailable',
  'missing',
  'degraded',
  'refused',
  'late',
  'updating',
  'unreported',
  'inactive',
  'ready',
] as const;
/** `unreported`: the instance checks in but has never named a status. */
export type Attention = (typeof attentionOrder)[number];

/** Somebody should look. */
export const problemAttentions = [
  'unavailable',
  'missing',
  'degraded',
  'refused',
  'late',
] as const satisfies Attention[];

export const presences = ['current', 'late', 'inactive', 'refused'] as const;
/** Whether we hear from an instance as promised. Air gap instances are never late nor inactive. */
export type Presence = (typeof presences)[number];

export const eventCategories = [
  'app install/upgrade',
  'app status',
  'cluster status',
  'custom metrics',
  'infrastructure',
  'app manager version',
  'SDK version',
  'upstream update',
  'presence',
] as const;
export type EventCategory = (typeof eventCategories)[number];

export const licenseTypes = ['dev', 'trial', 'paid', 'community'] as const;
export type LicenseType = (typeof licenseTypes)[number];

export const licenseFeatures = ['gitops', 'airgap', 'identity', 'snapshots'] as const;
export type LicenseFeature = (typeof licenseFeatures)[number];

/** Days until the expiry of a license is marked. */
export const expiresSoonDays = 30;
