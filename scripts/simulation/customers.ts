import type { LicenseFeature, LicenseType } from '#contract/status.ts';
import { type DemoApp, type DemoCustomer, day } from './model.ts';
import { createKsuid } from './ids.ts';
import type { Random } from './random.ts';

interface CustomerPlan {
  id: string;
  name: string;
  app: 0 | 1;
  channel: 'Stable' | 'Beta' | 'LTS';
  type: LicenseType;
  features: LicenseFeature[];
  /** Days before now. */
  created: number;
  /** Days after now (negative: already over), or never. */
  expires: number | null;
  instances: number;
  archived?: true;
}

/** Invented customers: any likeness to a real company is chance. */
export const customerPlans: CustomerPlan[] = [
  plan('brackwater', 'Brackwater Freight', 0, 'Stable', 'paid', 'gitops snapshots', 412, 318, 5),
  plan(
    'tallowmere',
    'Tallowmere Credit Union',
    0,
    'LTS',
    'paid',
    'airgap identity snapshots',
    640,
    90,
    4,
  ),
  plan('ostrander', 'Ostrander Robotics', 0, 'Beta', 'paid', 'gitops identity', 214, 151, 4),
  plan('pellucid', 'Pellucid Genomics', 0, 'Stable', 'paid', 'snapshots', 300, 65, 4),
  plan(
    'marrowfield',
    'Marrowfield Hospitals',
    0,
    'LTS',
    'paid',
    'airgap identity snapshots',
    530,
    200,
    3,
  ),
  plan('quenby-rudd', 'Quenby & Rudd Insurance', 0, 'Stable', 'paid', 'identity', 188, 177, 3),
  plan('saltmarsh', 'Saltmarsh Grid', 1, 'Stable', 'paid', 'gitops snapshots', 266, 99, 4),
  plan('velloria', 'Velloria Airways', 1, 'Stable', 'paid', 'identity snapshots', 350, 15, 4),
  plan('nimbrook', 'Nimbrook Municipal Works', 0, 'Stable', 'paid', '', 120, 245, 2),
  plan('kestrelgate', 'Kestrelgate Survey', 1, 'LTS', 'paid', 'airgap', 480, 250, 3),
  plan('umberlane', 'Umberlane Media', 0, 'Beta', 'paid', 'gitops', 97, 268, 3),
  plan('dunmorrow', 'Dunmorrow Optics', 1, 'Stable', 'paid', 'snapshots', 140, 225, 3),
  plan('figwick', 'Figwick Foods', 0, 'Stable', 'trial', '', 26, 4, 2),
  plan('larkhollow', 'Larkhollow University', 0, 'Beta', 'paid', 'identity', 233, 132, 3),
  plan('thistledown', 'Thistledown Outfitters', 1, 'Beta', 'trial', 'gitops', 12, 18, 1),
  plan('ironvale', 'Ironvale Quarries', 1, 'LTS', 'paid', 'airgap snapshots', 391, 340, 3),
  plan('wrenmoor', 'Wrenmoor Telephony', 1, 'Stable', 'paid', 'identity', 160, 205, 3),
  plan(
    'house',
    'Release Engineering',
    0,
    'Beta',
    'dev',
    'gitops airgap identity snapshots',
    700,
    null,
    3,
  ),
  plan('hobbyhorse', 'Hobbyhorse Homelabs', 0, 'Stable', 'community', '', 75, null, 1),
  plan('glasswing', 'Glasswing Expositions', 0, 'Stable', 'trial', '', 62, -2, 1),
  {
    ...plan('old-pier', 'Old Pier Analytics', 1, 'Stable', 'paid', '', 600, 30, 1),
    archived: true,
  },
];

function plan(
  id: string,
  name: string,
  app: 0 | 1,
  channel: CustomerPlan['channel'],
  type: LicenseType,
  features: string,
  created: number,
  expires: number | null,
  instances: number,
): CustomerPlan {
  const list = features.split(' ').filter((item) => item !== '') as LicenseFeature[];
  return { id, name, app, channel, type, features: list, created, expires, instances };
}

/** Customer `copy` of a plan: the first copy is the plan's own; later ones (for large fleets) are numbered. */
export function createCustomer(
  source: CustomerPlan,
  copy: number,
  apps: DemoApp[],
  now: number,
  random: Random,
): DemoCustomer {
  const app = apps[source.app];
  const channel = app?.channels.find((candidate) => candidate.name === source.channel);
  if (app === undefined || channel === undefined) throw new Error(`No channel for ${source.id}.`);
  const suffix = copy === 0 ? '' : `-${copy + 1}`;
  const createdAt = now - source.created * day - random.int(0, 20) * 3_600_000;
  return {
    id: `${source.id}${suffix}`,
    name: copy === 0 ? source.name : `${source.name} ${copy + 1}`,
    email: `ops@${source.id}${suffix}.example`,
    appSlug: app.slug,
    channelId: channel.id,
    archived: source.archived === true && copy === 0,
    license: {
      id: createKsuid(createdAt, random),
      type: source.type,
      createdAt,
      expiresAt: source.expires === null ? null : now + (copy === 0 ? source.expires : 365) * day,
      features: source.features,
      seats: random.pick([10, 25, 50, 100, 250, 500]),
    },
  };
}
