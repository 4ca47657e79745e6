/** Keeps the display on for as long as the page is shown, where the browser can. Hands back its `off`. */
export function keepAwake(): () => void {
  let lock: { release(): Promise<void> } | null = null;
  let stopped = false;
  const ask = async () => {
    if (document.visibilityState !== 'visible' || stopped) return;
    try {
      lock = (await navigator.wakeLock?.request('screen')) ?? null;
    } catch {
      // A low battery, or an address without TLS: the device's own settings must keep the display on.
    }
  };
  // The lock is lost whenever the page is hidden.
  const shown = () => void ask();
  document.addEventListener('visibilitychange', shown);
  void ask();
  return () => {
    stopped = true;
    document.removeEventListener('visibilitychange', shown);
    void lock?.release().catch(() => {});
  };
}
