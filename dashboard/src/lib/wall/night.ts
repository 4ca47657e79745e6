/** Hours and minutes of a moment by the clock of a zone: `HH:MM`. Pure. */
export function clockIn(zone: string | null, at: number): string {
  return formatterOf(zone).format(new Date(at));
}

// Making a formatter is slow, and a wall asks each second for months; a wall knows one zone or two.
const formatters = new Map<string, Intl.DateTimeFormat>();
function formatterOf(zone: string | null): Intl.DateTimeFormat {
  const key = zone ?? '';
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone ?? undefined,
  });
  if (formatters.size > 8) formatters.clear();
  formatters.set(key, made);
  return made;
}

/** "CET", "UTC" or "GMT+5:30": the short name of the zone at that moment. */
export function nameZone(zone: string | null, at: number): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone ?? undefined,
    timeZoneName: 'short',
  }).formatToParts(new Date(at));
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone ?? '';
}

/** Whether `HH:MM` lies in the night, which may go over midnight. Equal ends are no night. Pure. */
export function isNight(clock: string, night: { from: string; to: string } | null): boolean {
  if (night === null) return false;
  const { from, to } = night;
  if (from <= to) return clock >= from && clock < to;
  return clock >= from || clock < to;
}

/** Against burn-in: where the whole picture stands in that minute, 1 to 4 pixels from its place. Pure. */
export function shiftAt(now: number): { x: number; y: number } {
  const steps = [1, 2, 3, 4, 3, 2];
  const minute = Math.floor(now / 60_000);
  const x = steps[minute % steps.length] ?? 1;
  const y = steps[Math.floor(minute / 2) % steps.length] ?? 1;
  return { x: minute % 2 === 0 ? x : -x, y: minute % 4 < 2 ? y : -y };
}
