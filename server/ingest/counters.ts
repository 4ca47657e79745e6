/**
 * How often a header was there but could not be read, by name, since the start. The check-in stood all the same.
 * Holds none but known names, so it is bounded.
 */
export const ignoredHeaders = new Map<string, number>();

export function countIgnored(headers: string[]): void {
  for (const name of headers) ignoredHeaders.set(name, (ignoredHeaders.get(name) ?? 0) + 1);
}
