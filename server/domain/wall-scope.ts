import type { ScreenScope } from '#contract/screens.ts';
import type { LicenseType } from '#contract/status.ts';
import type { Tags } from './model.ts';

/** What decides whether an instance is in a screen's scope. */
export interface ScopeFacts {
  app: string;
  /** As it is shown under: the one reported, by id or only by name, else its customer's. */
  channel: string;
  customer: string;
  licenseType: LicenseType;
  tags: Tags;
  archived: boolean;
}

/** A tag of a scope: `key`, or `key=value` parted at the first sign. */
export function splitTag(tag: string): { key: string; value: string | null } {
  const sign = tag.indexOf('=');
  if (sign < 0) return { key: tag, value: null };
  return { key: tag.slice(0, sign), value: tag.slice(sign + 1) };
}

/** Whether a screen of this scope shows the instance. The store asks the same of the database (reads-wall.ts). Pure. */
export function isInScope(scope: ScreenScope, facts: ScopeFacts): boolean {
  const among = <T>(wanted: readonly T[], own: T) => wanted.length === 0 || wanted.includes(own);
  return (
    !facts.archived &&
    among(scope.apps, facts.app) &&
    among(scope.channels, facts.channel) &&
    among(scope.customers, facts.customer) &&
    among(scope.licenseTypes, facts.licenseType) &&
    (scope.tags.length === 0 || scope.tags.some((tag) => hasTag(facts.tags, tag)))
  );
}

function hasTag(tags: Tags, wanted: string): boolean {
  const { key, value } = splitTag(wanted);
  if (!Object.hasOwn(tags, key)) return false;
  return value === null || tags[key]?.[0] === value;
}
