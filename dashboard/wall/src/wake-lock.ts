/** Milliseconds until a device that refused, or that let the display go right after it was asked, is asked again. */
const patience = 10_000;

/** Keeps the display on for as long as the page is shown, where the browser can. Hands back its `off`. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let asking = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ask = async () => {
    clearTimeout(timer);
    if (lock !== null || asking || stopped || document.visibilityState !== 'visible') return;
    asking = true;
    try {
      const given = (await navigator.wakeLock?.request('screen')) ?? null;
      if (given !== null) keep(given);
    } catch {
      // A low battery may be charged again; until then the device's own settings must keep the display on.
      timer = setTimeout(() => void ask(), patience);
    } finally {
      asking = false;
    }
  };
  const keep = (given: WakeLockSentinel) => {
    const since = performance.now();
    lock = given;
    // Whenever the page is hidden, and when the device has its own reasons.
    given.addEventListener('release', () => {
      lock = null;
      const held = performance.now() - since;
      timer = setTimeout(() => void ask(), held < patience ? patience : 0);
    });
    if (stopped) void given.release().catch(() => {});
  };

  const shown = () => void ask();
  document.addEventListener('visibilitychange', shown);
  void ask();
  return () => {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', shown);
    void lock?.release().catch(() => {});
  };
}
