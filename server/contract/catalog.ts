import { z } from 'zod';
import type { Instant } from './instance.ts';
import { namedValues } from './named-values.ts';
import type { ReleaseFile } from './portal.ts';
import { licenseFeatures, licenseTypes } from './status.ts';
import { integerLimit, isReservedName, isStorable } from './text.ts';

// The fields that people, software and fleet files give alike.

/** One line of text without spaces at its ends. */
export const line = (limit: number) =>
  z
    .string()
    .min(1)
    .max(limit)
    .refine((value) => value.trim() === value && isStorable(value), {
      error: 'must be text without spaces at its ends',
    });

/** Ids and slugs stand in addresses. */
export const catalogId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._~@+-]*$/, {
    error: 'must be letters, digits and . _ ~ @ + -, beginning with a letter or digit',
  });

/** In the API's addresses it means something else where ids of customers stand. */
export const isReservedCustomerId = (id: string): boolean => id === 'facets';

export const zonedTime = z.iso
  .datetime({ offset: true, error: 'must be a time with its zone, such as 2026-10-01T09:00:00Z' })
  .transform((iso) => new Date(iso));

export const sequence = z.int().min(0).max(integerLimit);
export const displayName = line(200);
export const versionLabel = line(256);
/** Markdown. */
export const releaseNotes = z.string().max(100_000).refine(isStorable);

export const customerEmail = z
  .string()
  .max(320)
  .regex(/^[^\s@]+@[^\s@]+$/, { error: 'must be an email address' })
  .refine(isStorable);

export const entitlementTypes = ['String', 'Text', 'Integer', 'Boolean'] as const;

const entitlement = z
  .strictObject({
    title: z.string().max(500).refine(isStorable),
    description: z.string().max(2000).refine(isStorable).optional(),
    value: z.union([z.string().max(10_000).refine(isStorable), z.number(), z.boolean()], {
      error: 'must be text, a number, true or false',
    }),
    valueType: z.enum(entitlementTypes),
    isHidden: z.boolean().optional(),
  })
  .superRefine(({ value, valueType }, context) => {
    const fits = {
      String: typeof value === 'string',
      Text: typeof value === 'string',
      Integer: Number.isSafeInteger(value),
      Boolean: typeof value === 'boolean',
    }[valueType];
    if (!fits) {
      const message = `does not fit valueType ${valueType}`;
      context.addIssue({ code: 'custom', path: ['value'], message });
    }
  });

const noEntitlement = 'is no name for an entitlement';
export const entitlements = namedValues(z.string(), entitlement, noEntitlement).superRefine(
  (value, context) => {
    for (const name of Object.keys(value)) {
      if (name === 'expires_at') {
        const message = 'comes from expiresAt and is not given here';
        context.addIssue({ code: 'custom', path: [name], message });
      } else if (!/^[A-Za-z0-9_][\w.-]{0,99}$/.test(name) || isReservedName(name)) {
        context.addIssue({ code: 'custom', path: [name], message: noEntitlement });
      }
    }
  },
);

export const features = z
  .array(z.enum(licenseFeatures))
  .transform((given) => licenseFeatures.filter((feature) => given.includes(feature)));

/** What the vendor decides of a license; its id and the moment it was created are given by the server. */
export const licenseTerms = z.strictObject({
  type: z.enum(licenseTypes),
  /** Null: never. */
  expiresAt: zonedTime.nullable(),
  features,
  entitlements,
});
export type LicenseTerms = z.output<typeof licenseTerms>;

/** A community license has neither expiry nor the Air gap feature. Faults by the field they are of. */
export function findCommunityFaults({
  type,
  expiresAt,
  features,
}: Pick<LicenseTerms, 'type' | 'expiresAt' | 'features'>): { path: string; message: string }[] {
  if (type !== 'community') return [];
  const faults = [];
  if (expiresAt) {
    const message = 'must be null: a community license does not expire';
    faults.push({ path: 'expiresAt', message });
  }
  if (features.includes('airgap')) {
    const message = 'must not hold airgap: a community license does not have it';
    faults.push({ path: 'features', message });
  }
  return faults;
}

/** The revision of what is edited, as the editor last saw it: an older one than there is gets 409. */
const revision = z.int().min(0).max(integerLimit);

export const appRequest = z.strictObject({
  slug: catalogId,
  name: displayName,
  statusInformers: z.boolean().default(true),
});
/** What is left out stays as it is. */
export const appChange = z.strictObject({
  revision,
  name: displayName.optional(),
  statusInformers: z.boolean().optional(),
  /** `host/path` of an OCI registry, without `oci://`. */
  helmRegistry: z
    .string()
    .max(300)
    .regex(/^[a-z0-9.-]+(:\d+)?(\/[A-Za-z0-9._-]+)*$/, {
      error: 'must be a registry such as registry.example.com/charts, without oci://',
    })
    .nullable()
    .optional(),
  helmChart: z
    .string()
    .max(200)
    .regex(/^[a-z0-9][a-z0-9._-]*$/, {
      error: 'must be a chart name: lower case letters, digits and . _ -',
    })
    .nullable()
    .optional(),
  installTemplate: z.string().max(20_000).refine(isStorable).nullable().optional(),
  airGapTemplate: z.string().max(20_000).refine(isStorable).nullable().optional(),
  accentColor: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, { error: 'must be a colour such as #1f6feb' })
    .nullable()
    .optional(),
});

export const channelRequest = z.strictObject({ id: catalogId.optional(), name: displayName });
export const channelChange = z.strictObject({ revision, name: displayName });

/** A release is made first (the server gives it its sequence), then promoted to channels. */
export const releaseRequest = z.strictObject({
  versionLabel,
  releaseNotes: releaseNotes.default(''),
});
/** The label stays once the release is promoted: instances report it by that name. */
export const releaseChange = z.strictObject({
  revision,
  versionLabel: versionLabel.optional(),
  releaseNotes: releaseNotes.optional(),
});
export const promotionRequest = z.strictObject({
  channels: z.array(catalogId).min(1).max(100),
  isRequired: z.boolean().default(false),
});
export const promotionChange = z.strictObject({
  revision,
  isRequired: z.boolean().optional(),
  /** True: no longer offered; an instance that runs it keeps its label. */
  demoted: z.boolean().optional(),
});

export interface AppSummary {
  slug: string;
  name: string;
  revision: number;
  channels: number;
  releases: number;
  customers: number;
  instances: number;
  /** Digest of its logo; null: it has none. */
  logo: string | null;
  accentColor: string | null;
  latest: { versionLabel: string; channel: string; promotedAt: Instant } | null;
}

export interface AppDetails {
  slug: string;
  name: string;
  revision: number;
  statusInformers: boolean;
  helmRegistry: string | null;
  helmChart: string | null;
  installTemplate: string | null;
  airGapTemplate: string | null;
  /** What stands in for the templates that are null. */
  defaultTemplates: { install: string; airGap: string };
  accentColor: string | null;
  logo: string | null;
  channels: ChannelDetails[];
}

export interface ChannelDetails {
  id: string;
  name: string;
  revision: number;
  customers: number;
  instances: number;
  /** Newest on offer. */
  latest: { channelSequence: number; versionLabel: string; promotedAt: Instant } | null;
  /** How far the events of the last promotion are written; null: all are. */
  spreading: { done: number; total: number } | null;
}

/** A release promoted to one channel. */
export interface Promotion {
  channel: { id: string; name: string };
  channelSequence: number;
  versionLabel: string;
  promotedAt: Instant;
  isRequired: boolean;
  demotedAt: Instant | null;
  revision: number;
  /** Instances that run it, archived ones left out. */
  running: number;
}

export interface ReleaseDetails {
  releaseSequence: number;
  versionLabel: string;
  /** Markdown, and the safe HTML that the server made of it. */
  releaseNotes: string;
  notesHtml: string;
  createdAt: Instant;
  revision: number;
  promotions: Promotion[];
  files: ReleaseFile[];
}

export interface ReleasePage {
  /** Newest first. */
  releases: ReleaseDetails[];
  /** Pass as `before` for the next page; null: there is none. */
  next: number | null;
}
