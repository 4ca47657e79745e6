// What a browser without a screen, a speaker and a person lacks: scripts for `addInitScript`, which see only what the
// page asks of the browser.

/** Sound is blocked until a key is pressed, as in a browser that nobody has touched; `tones` counts what would be heard. */
export const audible = `(() => {
  const Real = AudioContext;
  let blocked = true;
  window.tones = 0;
  window.AudioContext = class extends Real {
    get state() { return blocked ? 'suspended' : 'running'; }
    resume() { blocked = false; return super.resume(); }
    createOscillator() {
      const tone = super.createOscillator();
      const start = tone.start.bind(tone);
      tone.start = (at) => { window.tones += 1; start(at); };
      return tone;
    }
  };
})()`;

/**
 * A display that can be kept on while the page is shown; `show` says whether it is. It takes what it gave at `locks.lose`,
 * and gives nothing while `locks.refused`.
 */
export const lockable = `(() => {
  let visible = true;
  let held = [];
  const lose = () => {
    const lost = held;
    held = [];
    for (const lock of lost) lock.dispatchEvent(new Event('release'));
  };
  window.locks = { asked: 0, refused: false, lose, get held() { return held.length; } };
  Object.defineProperty(document, 'visibilityState', { get: () => (visible ? 'visible' : 'hidden') });
  window.show = (is) => {
    visible = is;
    if (!is) lose();
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const request = async (kind) => {
    if (!visible || kind !== 'screen') throw new DOMException('Not now', 'NotAllowedError');
    window.locks.asked += 1;
    if (window.locks.refused) throw new DOMException('The battery is low', 'NotAllowedError');
    const lock = new EventTarget();
    lock.release = async () => {
      held = held.filter((one) => one !== lock);
      lock.dispatchEvent(new Event('release'));
    };
    held.push(lock);
    return lock;
  };
  Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true });
})()`;
