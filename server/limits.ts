import type { Time } from '#domain/model.ts';

/** Buckets kept at once. The one used longest ago goes first: by then it is full again, so nothing is forgotten. */
const bucketsLimit = 50_000;

export interface Buckets {
  /**
   * Seconds until `key` may take again; 0: it may now. A cost above what is left is taken on credit:
   * the key may not take again until that is made good.
   */
  wait(key: string, now: Time): number;
  take(key: string, now: Time, cost: number): void;
  size(): number;
}

/** Token buckets in memory: `perSecond` on average, `burst` at once. */
export function createBuckets(options: {
  perSecond: number;
  burst: number;
  limit?: number;
}): Buckets {
  const { perSecond, burst, limit = bucketsLimit } = options;
  const buckets = new Map<string, { tokens: number; at: Time }>();
  const tokensOf = (key: string, now: Time) => {
    const bucket = buckets.get(key);
    if (!bucket) return burst;
    return Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond);
  };
  return {
    wait(key, now) {
      const missing = 1 - tokensOf(key, now);
      return missing <= 0 ? 0 : missing / perSecond;
    },
    take(key, now, cost) {
      const tokens = tokensOf(key, now) - cost;
      const bucket = buckets.get(key) ?? { tokens, at: now };
      bucket.tokens = tokens;
      bucket.at = now;
      buckets.delete(key);
      if (buckets.size >= limit) buckets.delete(buckets.keys().next().value!);
      buckets.set(key, bucket);
    },
    size: () => buckets.size,
  };
}
