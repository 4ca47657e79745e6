/** A timer of one second that comes later than this slept meanwhile. */
const slept = 5_000;

/**
 * Calls back when the page returns to life: it becomes visible, the network is back, or the machine was asleep.
 * Hands back its `off`.
 */
export function onWake(wake: () => void): () => void {
  const shown = () => {
    if (document.visibilityState === 'visible') wake();
  };
  document.addEventListener('visibilitychange', shown);
  window.addEventListener('online', wake);
  let before = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    // Hidden pages are woken seldom anyway, and are looked after when they are shown.
    if (now - before > slept && document.visibilityState === 'visible') wake();
    before = now;
  }, 1_000);
  return () => {
    document.removeEventListener('visibilitychange', shown);
    window.removeEventListener('online', wake);
    clearInterval(timer);
  };
}
