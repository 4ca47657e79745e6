const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** In the largest unit of which there is one, to three digits: "1.25 GB". */
export function describeSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit += 1) size /= 1024;
  const digits = unit === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return `${size.toFixed(digits)} ${units[unit]}`;
}

/** By the workspace's calendar: "3 Oct 2026". */
export function describeDay(at: Date | number, zone: string): string {
  const options = { day: 'numeric', month: 'short', year: 'numeric', timeZone: zone } as const;
  return new Intl.DateTimeFormat('en-GB', options).format(at);
}

/** Rounded up: at the end of it another try is let through. */
export function describeWait(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 90) return whole === 1 ? '1 second' : `${whole} seconds`;
  return `${Math.ceil(whole / 60)} minutes`;
}
