/** A bucket of `perSecond` tokens that refills evenly. One for each socket. */
export function createRateLimit(perSecond: number): { allows: () => boolean } {
  let tokens = perSecond;
  let at = performance.now();
  return {
    allows() {
      const now = performance.now();
      tokens = Math.min(perSecond, tokens + ((now - at) / 1000) * perSecond);
      at = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
