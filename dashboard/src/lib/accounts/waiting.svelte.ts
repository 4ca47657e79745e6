import { formatWait } from './format-wait.ts';

/** Counts the seconds down that the server wants to be left alone. */
export class Waiting {
  /** Whole seconds that are left; 0: go ahead. */
  seconds = $state(0);
  #until = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** One sentence while it waits; null: go ahead. */
  get words(): string | null {
    return this.seconds > 0 ? `Too many attempts. Try again in ${formatWait(this.seconds)}.` : null;
  }

  begin(seconds: number): void {
    this.#until = Date.now() + seconds * 1000;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), 250);
    this.#tick();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    this.seconds = Math.max(0, Math.ceil((this.#until - Date.now()) / 1000));
    if (this.seconds === 0) this.stop();
  }
}
