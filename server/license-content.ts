import type { LicenseFeature, LicenseType } from '#contract/status.ts';
import type { Entitlement } from '#domain/model.ts';
import { canonical } from './canonical.ts';

export interface LicenseContent {
  licenseId: string;
  type: LicenseType;
  expiresAt: Date | null;
  features: LicenseFeature[];
  entitlements: Record<string, Entitlement>;
  /** The vendor's own signed document; null: one is generated. */
  document: string | null;
}

/** What the generated document says of the license's holder. */
export interface LicenseHolder {
  name: string;
  appSlug: string;
  channelId: string;
  channelName: string;
}

/** All that a license document says, but its sequence: another content is another sequence. Pure. */
export function licenseContent(license: LicenseContent, holder: LicenseHolder): string {
  if (license.document !== null) return license.document;
  const { licenseId, type, expiresAt, features, entitlements } = license;
  const { name, appSlug, channelId, channelName } = holder;
  return canonical({
    ...{ licenseId, type, expiresAt, features, entitlements },
    ...{ name, appSlug, channelId, channelName },
  });
}
