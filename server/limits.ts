import type { Time } from '#domain/model.ts';

/** Buckets kept at once. Those used longest ago go first: by then they are full again, so nothing is forgotten. */
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
  // Two generations instead of an order of use, which would have to be kept anew for each report: what is used moves to the
  // younger, and once that has half of all, the older is forgotten.
  let younger = new Map<string, Bucket>();
  let older = new Map<string, Bucket>();
  const find = (key: string) => younger.get(key) ?? older.get(key);
  const tokensOf = (bucket: Bucket | undefined, now: Time) =>
    bucket
      ? Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond)
      : burst;

  function keep(key: string, bucket: Bucket): void {
    older.delete(key);
    younger.set(key, bucket);
    if (younger.size < limit / 2) return;
    older = younger;
    younger = new Map();
  }

  return {
    wait(key, now) {
      const missing = 1 - tokensOf(find(key), now);
      return missing <= 0 ? 0 : missing / perSecond;
    },
    take(key, now, cost) {
      const young = younger.get(key);
      const bucket = young ?? older.get(key) ?? { tokens: burst, at: now };
      bucket.tokens = tokensOf(bucket, now) - cost;
      bucket.at = now;
      if (!young) keep(key, bucket);
    },
    size: () => younger.size + older.size,
  };
}

interface Bucket {
  tokens: number;
  at: Time;
}
