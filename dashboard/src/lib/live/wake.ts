import { slept } from './slumber.ts';

/** Calls back when the page returns to life as the browser tells it: it is shown again, thawed, or the network is back. */
export function onShown(wake: () => void): () => void {
  const shown = () => {
    if (document.visibilityState === 'visible') wake();
  };
  document.addEventListener('visibilitychange', shown);
  document.addEventListener('resume', wake);
  window.addEventListener('online', wake);
  return () => {
    document.removeEventListener('visibilitychange', shown);
    document.removeEventListener('resume', wake);
    window.removeEventListener('online', wake);
  };
}

/** The same, and when the machine was asleep. Hands back its `off`. */
export function onWake(wake: () => void): () => void {
  const off = onShown(wake);
  let before = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    // Hidden pages are woken seldom anyway, and are looked after when they are shown.
    if (now - before > slept && document.visibilityState === 'visible') wake();
    before = now;
  }, 1_000);
  return () => {
    off();
    clearInterval(timer);
  };
}
