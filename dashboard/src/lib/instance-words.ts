import type { InstanceSummary } from '#contract/instance.ts';
import type { AppStatus, Presence, StatusValue } from '#contract/status.ts';
import { attentionWords, nameCloud, nameDistribution } from './words.ts';

type Spoken = Pick<
  InstanceSummary,
  'attention' | 'status' | 'monitored' | 'refusal' | 'presence' | 'statusSince'
>;

/** "Ready – not monitored" where no status informer vouches for it. */
export function sayStatus(status: AppStatus, monitored: boolean): string {
  return status === 'ready' && !monitored ? 'Ready – not monitored' : attentionWords[status];
}

/** The status as history keeps it. */
export const statusValue = ({
  status,
  monitored,
}: Pick<InstanceSummary, 'status' | 'monitored'>): StatusValue | null =>
  status === 'ready' && !monitored ? 'unmonitored' : status;

/**
 * True while its status is known to hold as time passes: it is neither silent, refused, air gap nor archived, when nobody
 * marks it as silent.
 */
export const holdsNow = ({
  presence,
  airGap,
  archived,
}: Pick<InstanceSummary, 'presence' | 'airGap' | 'archived'>): boolean =>
  !airGap && !archived && isActive(presence);

const isActive = (presence: Presence) => presence === 'current' || presence === 'late';

/**
 * Until when what an instance last said is known to hold, in milliseconds, as its uptime tells: null as long as it goes
 * on holding, else the moment at which it turned inactive or was refused, or the last report that was carried over.
 */
export function heldUntil(
  instance: Pick<
    InstanceSummary,
    'presence' | 'presenceSince' | 'airGap' | 'archived' | 'lastCheckInAt'
  >,
): number | null {
  const { presence, presenceSince, airGap, lastCheckInAt } = instance;
  if (holdsNow(instance)) return null;
  return Date.parse(
    airGap || isActive(presence) ? lastCheckInAt : (presenceSince ?? lastCheckInAt),
  );
}

/** The word on an instance's badge. */
export function sayAttention(instance: Spoken): string {
  const { attention, status, monitored, refusal } = instance;
  if (attention === 'refused' && refusal !== null) return `Refused: ${refusal.reason}`;
  if (attention === 'ready' && status !== null) return sayStatus(status, monitored);
  return attentionWords[attention];
}

/** The status an instance last named, where silence or refusal makes it uncertain; else null. */
export function sayLastKnown({ presence, status, monitored }: Spoken): string | null {
  if (presence === 'current' || status === null) return null;
  return `last known: ${sayStatus(status, monitored)}`;
}

/** The vendor's name for it, else the first seven characters of its id. */
export function nameInstance({ name, instanceId }: Pick<InstanceSummary, 'name' | 'instanceId'>) {
  return name ?? instanceId.slice(0, 7);
}

export function sayVersion(
  instance: Pick<InstanceSummary, 'versionLabel' | 'channelSequence'>,
): string | null {
  const { versionLabel, channelSequence } = instance;
  return versionLabel ?? (channelSequence === null ? null : `sequence ${channelSequence}`);
}

export function sayKubernetes({ kubernetes }: Pick<InstanceSummary, 'kubernetes'>): string | null {
  const { distribution, version } = kubernetes;
  const parts = [distribution === null ? null : nameDistribution(distribution), version];
  return parts.filter((part) => part !== null).join(' ') || null;
}

export function sayCloud({ cloud }: Pick<InstanceSummary, 'cloud'>): string | null {
  const provider = cloud.provider === null ? null : nameCloud(cloud.provider);
  const said = [provider, cloud.region].filter((part) => part !== null).join(' · ');
  if (said === '') return null;
  return cloud.fromAddress ? `${said} (by its address)` : said;
}

/** "3/3 nodes", "1/1 node", with a question mark for what was not reported. */
export function sayNodes({ nodes }: Pick<InstanceSummary, 'nodes'>): string | null {
  if (nodes === null) return null;
  return `${nodes.ready ?? '?'}/${nodes.total ?? '?'} ${nodes.total === 1 ? 'node' : 'nodes'}`;
}

/** Paths as `resolve` of `$app/paths` takes them. */
export function linkCustomer(customerId: string): `customers/${string}` {
  return `customers/${encodeURIComponent(customerId)}`;
}

export function linkInstance(row: {
  customer: { id: string };
  instanceId: string;
}): `customers/${string}/instances/${string}` {
  return `${linkCustomer(row.customer.id)}/instances/${encodeURIComponent(row.instanceId)}`;
}
