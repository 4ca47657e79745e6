import type { Scalar } from '#contract/instance.ts';

/** A metric's value as people read it; null was reported as such. */
export function sayMetric(value: Scalar): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return typeof value === 'number' ? value.toLocaleString('en') : value;
}
