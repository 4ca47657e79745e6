import type { Db } from '#db/client.ts';
import { type Applied, applyFleet } from '#server/catalog/apply-fleet.ts';
import { parseFleet } from '#server/catalog/parse-fleet.ts';

/** License ids of the small fleet, by customer. */
export const licenseIds = {
  geeglo: '2Rq8WLcsjfxqrMysjvB1WodYkBj',
  roamway: '2RoamwayLicenseOfAnotherApp',
  expired: '2ExpiredLicenseOfTheSameApp',
  archived: '2ArchivedCustomersLicense01',
} as const;

const license = (id: string, more: object = {}) => ({
  id,
  type: 'trial',
  createdAt: '2026-06-28T08:00:00Z',
  expiresAt: null as string | null,
  features: ['airgap', 'gitops', 'identity', 'snapshots'],
  entitlements: { seats: { title: 'Seats', value: 25, valueType: 'Integer' } },
  ...more,
});

interface CustomerEntry {
  id: string;
  name: string;
  email?: string;
  channel: string;
  archived?: boolean;
  license: ReturnType<typeof license>;
}

interface FleetDocument {
  apps: {
    slug: string;
    name: string;
    statusInformers?: 'none';
    channels: { id: string; name: string; releases: object[] }[];
    customers: CustomerEntry[];
  }[];
}

/** A small fleet as a document for the import: two apps, and customers in good and in bad standing. A new one each time. */
export function smallFleet(): FleetDocument {
  return {
    apps: [
      {
        slug: 'acme',
        name: 'Acme Search',
        channels: [
          {
            id: 'acme-stable',
            name: 'Stable',
            releases: [1, 2, 3].map((sequence) => ({
              channelSequence: sequence,
              releaseSequence: 10 + sequence,
              versionLabel: `1.${sequence - 1}.0`,
              promotedAt: `2026-10-0${sequence}T09:00:00Z`,
              releaseNotes: sequence === 1 ? 'First' : '',
            })),
          },
          {
            id: 'acme-beta',
            name: 'Beta',
            releases: [
              {
                channelSequence: 7,
                releaseSequence: 20,
                versionLabel: '2.0.0-beta.1',
                promotedAt: '2026-10-20T09:00:00Z',
              },
            ],
          },
        ],
        customers: [
          {
            id: 'geeglo',
            name: 'Geeglo',
            email: 'ops@geeglo.example',
            channel: 'acme-stable',
            archived: false,
            license: license(licenseIds.geeglo),
          },
          {
            id: 'lapsed',
            name: 'Lapsed & Sons',
            channel: 'acme-stable',
            license: license(licenseIds.expired, { expiresAt: '2026-07-28T08:00:00Z' }),
          },
          {
            id: 'gone',
            name: 'Gone Inc.',
            channel: 'acme-stable',
            archived: true,
            license: license(licenseIds.archived),
          },
        ],
      },
      {
        slug: 'beacon',
        name: 'Beacon',
        statusInformers: 'none',
        channels: [
          {
            id: 'beacon-stable',
            name: 'Stable',
            releases: [
              {
                channelSequence: 0,
                releaseSequence: 1,
                versionLabel: '0.1.0',
                promotedAt: '2026-10-01T09:00:00Z',
              },
            ],
          },
        ],
        customers: [
          {
            id: 'roamway',
            name: 'Roamway',
            channel: 'beacon-stable',
            license: license(licenseIds.roamway, { type: 'paid', features: [] }),
          },
        ],
      },
    ],
  };
}

/** Imports a fleet document, the small fleet unless another one is given. */
export function importFleet(db: Db, document: unknown = smallFleet()): Promise<Applied> {
  return applyFleet(db, parseFleet(document));
}
