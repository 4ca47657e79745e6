import { readClocks, slept, Slumber } from './slumber.ts';

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
  const slumber = new Slumber(readClocks());
  const timer = setInterval(() => {
    const hasSlept = slumber.look(readClocks(), slept);
    // Hidden pages are woken seldom anyway, and are looked after when they are shown.
    if (hasSlept && document.visibilityState === 'visible') wake();
  }, 1_000);
  return () => {
    off();
    clearInterval(timer);
  };
}
