import type { InstanceEventView, Scalar } from '#contract/instance.ts';
import { type Attention, type StatusValue, appStatuses } from '#contract/status.ts';
import { attentionWords, nameCloud, nameDistribution } from '../words.ts';

type Kind = Pick<InstanceEventView, 'category' | 'field'>;

const presenceWords: Record<string, string> = {
  active: 'Active',
  inactive: 'Inactive',
  refused: 'Refused',
};

const isStatus = (value: Scalar): value is StatusValue =>
  value === 'unmonitored' || (appStatuses as readonly Scalar[]).includes(value);

/** The kind of attention whose colour and shape a value takes; null: it is plain words. */
export function findTone({ category, field }: Kind, value: Scalar): Attention | null {
  if (category === 'app status' && field === 'status' && isStatus(value)) {
    return value === 'unmonitored' ? 'ready' : value;
  }
  if (category !== 'presence') return null;
  if (value === 'inactive' || value === 'refused') return value;
  return value === 'active' ? 'ready' : null;
}

/** A value of an event as people read it. */
export function sayValue({ category, field }: Kind, value: Scalar): string {
  if (value === null) return category === 'custom metrics' ? 'none' : 'removed';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return value.toLocaleString('en');
  if (category === 'presence') return presenceWords[value] ?? value;
  if (category === 'app status' && isStatus(value)) {
    return value === 'unmonitored' ? 'Ready – not monitored' : attentionWords[value];
  }
  if (field === 'k8sDistribution') return nameDistribution(value);
  if (field === 'cloudProvider') return nameCloud(value);
  return value;
}
