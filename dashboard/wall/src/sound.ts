/** Two short tones, made here: no file to fetch, and nothing that startles. */
export class Chime {
  #context: AudioContext | null = null;

  /** Whether the browser lets this page be heard; it may want a key to be pressed first. */
  get isBlocked(): boolean {
    const context = this.#open();
    return context !== null && context.state !== 'running';
  }

  /** To be called from a key or a touch: lets sound through from now on. */
  async unblock(): Promise<void> {
    await this.#open()?.resume();
  }

  ring(): void {
    const context = this.#open();
    if (context?.state !== 'running') return;
    for (const [after, pitch] of [
      [0, 880],
      [0.18, 660],
    ] as const) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const from = context.currentTime + after;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(0.25, from + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, from + 0.5);
      tone.connect(volume).connect(context.destination);
      tone.start(from);
      tone.stop(from + 0.5);
    }
  }

  #open(): AudioContext | null {
    try {
      this.#context ??= new AudioContext();
    } catch {
      // A stick without sound: there is nothing to hear, and nothing to hint at.
    }
    return this.#context;
  }
}
