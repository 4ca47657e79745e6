/**
 * Lets many readers of the same thing share one read, without ever handing out what was read before somebody
 * asked: who comes while a read runs waits for the next one, together with all others who came meanwhile.
 * So a viewer that watches first and fetches then misses nothing, and a hundred viewers cost two reads.
 */
export function shareReads<T>(): (key: string, read: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  const waiting = new Map<string, Promise<T>>();

  function start(key: string, read: () => Promise<T>): Promise<T> {
    const result = read().finally(() => running.delete(key));
    running.set(key, result);
    return result;
  }

  return (key, read) => {
    const current = running.get(key);
    if (!current) return start(key, read);
    const shared = waiting.get(key);
    if (shared) return shared;
    const next = current
      .catch(() => undefined)
      .then(() => {
        waiting.delete(key);
        return start(key, read);
      });
    waiting.set(key, next);
    return next;
  };
}
