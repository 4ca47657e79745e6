import type { Instant } from '#contract/instance.ts';

const two = (number: number) => String(number).padStart(2, '0');

/** A moment as the viewer's own clock shows it, in the form of `<input type="datetime-local" step="1">`. */
export function toClockText(at: Instant): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The moment at which the viewer's own clock shows this; null: it is no time. */
export function fromClockText(text: string): Instant | null {
  const date = new Date(text);
  return text === '' || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
