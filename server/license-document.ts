import { parse, stringify } from 'yaml';
import type { Scalar } from '#contract/instance.ts';
import type { LicenseFeature, LicenseType } from '#contract/status.ts';
import type { Time } from '#domain/model.ts';
import { slugOf } from '#domain/slug.ts';
import type { LicenseRecord } from '#server/store/licenses.ts';

/** What a license document calls each type: a paid license is "prod" there. */
const typeNames: Record<LicenseType, string> = {
  dev: 'dev',
  trial: 'trial',
  paid: 'prod',
  community: 'community',
};
const featureNames: Record<LicenseFeature, string> = {
  gitops: 'isGitOpsSupported',
  airgap: 'isAirgapSupported',
  identity: 'isIdentityServiceSupported',
  snapshots: 'isSnapshotSupported',
};

/** Text that an older YAML would take for a time or a truth value is quoted. */
const yaml11 = { lineWidth: 0, compat: 'yaml-1.1' } as const;

/** One entitlement as the clients read it. */
export interface LicenseField {
  name: string;
  title: string;
  description: string;
  value: Scalar;
  valueType: string;
  isHidden: boolean;
  signature: Record<string, string>;
}

/**
 * The license as the clients take it over: the vendor's signed document byte for byte, else a generated one
 * (kots.io/v1beta1, unsigned).
 */
export function licenseDocument(license: LicenseRecord, endpoint: string): string {
  return license.document ?? stringify(describeLicense(license, endpoint), yaml11);
}

/** The license's entitlements by name, from its own document where the vendor gave one. */
export function licenseFields(license: LicenseRecord): Record<string, LicenseField> {
  const source = license.document
    ? documentEntitlements(license.document)
    : entitlementsOf(license);
  return Object.fromEntries(
    Object.entries(source).map(([name, field]) => [
      name,
      {
        name,
        title: field.title ?? '',
        description: field.description ?? '',
        value: field.value ?? '',
        valueType: field.valueType ?? 'String',
        isHidden: field.isHidden ?? false,
        signature: field.signature ?? {},
      },
    ]),
  );
}

type DocumentField = Partial<Omit<LicenseField, 'name'>>;

function describeLicense(license: LicenseRecord, endpoint: string) {
  const features = Object.entries(featureNames).filter(([feature]) =>
    license.features.includes(feature as LicenseFeature),
  );
  return {
    apiVersion: 'kots.io/v1beta1',
    kind: 'License',
    metadata: { name: slugOf(license.customerId, 63, 'license') },
    spec: {
      licenseID: license.licenseId,
      licenseType: typeNames[license.type],
      customerName: license.customerName,
      appSlug: license.appSlug,
      channelID: license.channelId,
      channelName: license.channelName,
      licenseSequence: license.sequence,
      endpoint,
      entitlements: entitlementsOf(license),
      ...Object.fromEntries(features.map(([, name]) => [name, true])),
    },
  };
}

function entitlementsOf(license: LicenseRecord): Record<string, DocumentField> {
  const own = Object.entries(license.entitlements).map(([name, entitlement]) => {
    const { title, description, value, valueType, isHidden } = entitlement;
    const field: DocumentField = {
      title,
      ...(description ? { description } : {}),
      value,
      valueType,
      ...(isHidden ? { isHidden } : {}),
      signature: {},
    };
    return [name, field] as const;
  });
  const expiry: DocumentField = {
    title: 'Expiration',
    description: 'License Expiration',
    value: license.expiresAt === null ? '' : formatTime(license.expiresAt),
    valueType: 'String',
    signature: {},
  };
  return { expires_at: expiry, ...Object.fromEntries(own) };
}

function documentEntitlements(document: string): Record<string, DocumentField> {
  const parsed = parse(document) as {
    spec?: { entitlements?: Record<string, DocumentField> | null };
  };
  return parsed.spec?.entitlements ?? {};
}

/** RFC 3339, without the fraction when there is none. */
export function formatTime(time: Time): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** What the document is saved as. An id has no character that a header or a file name would mind. */
export const licenseFileName = (customerId: string): string => `${customerId}-license.yaml`;
