import { z } from 'zod';
import { licenseFeatures, licenseTypes } from '#contract/status.ts';
import { idLimit, integerLimit, isReservedName, isStorable } from '#server/text.ts';

const text = (limit: number) =>
  z
    .string()
    .min(1)
    .max(limit)
    .refine((value) => value.trim() === value && isStorable(value), {
      error: 'must be text without spaces at its ends',
    });

/** Ids and slugs stand in addresses. */
const id = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._~@+-]*$/, {
    error: 'must be letters, digits and . _ ~ @ + -, beginning with a letter or digit',
  });

const time = z.iso
  .datetime({ offset: true, error: 'must be a time with its zone, such as 2026-10-01T09:00:00Z' })
  .transform((iso) => new Date(iso));

const count = z.int().min(0).max(integerLimit);

const release = z.strictObject({
  channelSequence: count,
  releaseSequence: count,
  versionLabel: text(256),
  promotedAt: time,
  releaseNotes: z.string().max(100_000).refine(isStorable).default(''),
  isRequired: z.boolean().default(false),
  /** No longer offered since. */
  demotedAt: time.nullable().default(null),
});

const channel = z.strictObject({
  id,
  name: text(200),
  releases: z.array(release).default([]),
});

const entitlement = z
  .strictObject({
    title: z.string().max(500).refine(isStorable),
    description: z.string().max(2000).refine(isStorable).optional(),
    value: z.union([z.string().max(10_000).refine(isStorable), z.number(), z.boolean()], {
      error: 'must be text, a number, true or false',
    }),
    valueType: z.enum(['String', 'Text', 'Integer', 'Boolean']),
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

const entitlements = z.record(z.string(), entitlement).superRefine((value, context) => {
  for (const name of Object.keys(value)) {
    if (name === 'expires_at') {
      const message = 'comes from expiresAt and is not given here';
      context.addIssue({ code: 'custom', path: [name], message });
    } else if (!/^[A-Za-z0-9_][\w.-]{0,99}$/.test(name) || isReservedName(name)) {
      const message = 'is no name for an entitlement';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  }
});

const license = z
  .strictObject({
    /** The secret by which every report is told apart: printable, without spaces. */
    id: z
      .string()
      .min(1)
      .max(idLimit)
      .regex(/^[\x21-\x7e]+$/, { error: 'must be printable ASCII without spaces' }),
    type: z.enum(licenseTypes),
    createdAt: time,
    /** Null: never. */
    expiresAt: time.nullable().default(null),
    features: z
      .array(z.enum(licenseFeatures))
      .default([])
      .transform((given) => licenseFeatures.filter((feature) => given.includes(feature))),
    entitlements: entitlements.default({}),
  })
  .superRefine(({ type, expiresAt, features }, context) => {
    if (type !== 'community') return;
    const fault = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (expiresAt) fault('expiresAt', 'must be null: a community license does not expire');
    if (features.includes('airgap')) {
      fault('features', 'must not hold airgap: a community license does not have it');
    }
  });

const customer = z.strictObject({
  id,
  name: text(200),
  email: z
    .string()
    .max(320)
    .regex(/^[^\s@]+@[^\s@]+$/, { error: 'must be an e-mail address' })
    .refine(isStorable)
    .nullable()
    .default(null),
  /** Id of one of the app's channels. */
  channel: id,
  /** Left out: as it is (a new customer is not). */
  archived: z.boolean().optional(),
  /** The vendor's own signed license, beside the fleet file; answered byte for byte. */
  licenseFile: z.string().min(1).max(1000).optional(),
  license,
});

const app = z.strictObject({
  slug: id,
  name: text(200),
  /** "none": the app defines no status informers, so no status of its instances means anything. */
  statusInformers: z.literal('none').optional(),
  channels: z.array(channel).default([]),
  customers: z.array(customer).default([]),
});

/** A vendor's catalog in one file: apps with their channels, releases, customers and licenses. */
export const fleetSchema = z.strictObject({ apps: z.array(app) });

export type FleetRelease = z.output<typeof release>;
export type FleetChannel = z.output<typeof channel>;
export type FleetApp = Omit<z.output<typeof app>, 'customers'> & { customers: FleetCustomer[] };
export type FleetCustomer = z.output<typeof customer> & {
  /** What `licenseFile` holds. */
  document: string | null;
};
export interface Fleet {
  apps: FleetApp[];
}
