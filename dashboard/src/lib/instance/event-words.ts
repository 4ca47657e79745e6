import type { InstanceEventView, Scalar } from '#contract/instance.ts';
import { type Attention, type StatusValue, appStatuses } from '#contract/status.ts';
import { fieldLabel } from '#domain/fields.ts';
import { formatExact } from '../format/time.ts';
import type { HintContent, HintLine } from '../hint.svelte.ts';
import {
  attentionWords,
  categoryWords,
  nameCloud,
  nameDistribution,
  reporterWords,
} from '../words.ts';

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

/** "1.0.0 → 1.1.0" */
export function sayChange(event: InstanceEventView): string {
  const after = sayValue(event, event.after);
  return event.before === null ? after : `${sayValue(event, event.before)} → ${after}`;
}

/** "App version: 1.0.0 → 1.1.0" */
export const sayEvent = (event: InstanceEventView): string =>
  `${fieldLabel(event.category, event.field)}: ${sayChange(event)}`;

/** The whole of an event, for a line that is too short for it. */
export function explainEvent(event: InstanceEventView): HintContent {
  const lines: HintLine[] = [{ label: 'Category', value: categoryWords[event.category] }];
  if (event.reporter !== null)
    lines.push({ label: 'Told by', value: reporterWords[event.reporter] });
  // What came by upload has two times: its own, and ours.
  if (event.receivedAt === null) lines.push({ label: 'Received', value: formatExact(event.at) });
  else {
    lines.push({ label: 'Reported', value: formatExact(event.at) });
    lines.push({ label: 'Uploaded', value: formatExact(event.receivedAt) });
  }
  return { title: sayEvent(event), lines };
}
