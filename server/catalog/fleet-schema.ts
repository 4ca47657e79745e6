import { z } from 'zod';
import {
  catalogId as id,
  customerEmail,
  displayName,
  entitlements,
  features,
  findCommunityFaults,
  isReservedCustomerId,
  releaseNotes,
  sequence,
  versionLabel,
  zonedTime as time,
} from '#contract/catalog.ts';
import { licenseTypes } from '#contract/status.ts';
import { idLimit } from '#server/text.ts';

const release = z.strictObject({
  channelSequence: sequence,
  releaseSequence: sequence,
  versionLabel,
  promotedAt: time,
  releaseNotes: releaseNotes.default(''),
  isRequired: z.boolean().default(false),
  /** No longer offered since. */
  demotedAt: time.nullable().default(null),
});

const channel = z.strictObject({
  id,
  name: displayName,
  releases: z.array(release).default([]),
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
    features: features.default([]),
    entitlements: entitlements.default({}),
  })
  .superRefine((license, context) => {
    for (const { path, message } of findCommunityFaults(license)) {
      context.addIssue({ code: 'custom', path: [path], message });
    }
  });

const customer = z.strictObject({
  id: id.refine((value) => !isReservedCustomerId(value), {
    error: ({ input }) => `no customer may have the id ${String(input)}`,
  }),
  name: displayName,
  email: customerEmail.nullable().default(null),
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
  name: displayName,
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
