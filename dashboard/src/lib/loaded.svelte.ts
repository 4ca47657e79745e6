import { type ApiError, toApiError } from './api.ts';

/** Something that is read from the server when the page opens, and again when it was changed. */
export class Loaded<T> {
  value = $state.raw<T | null>(null);
  /** Why it could not be read; null while it is being read for the first time, and when all is well. */
  error = $state.raw<ApiError | null>(null);
  readonly #read: () => Promise<T>;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  async load(): Promise<void> {
    try {
      this.value = await this.#read();
      this.error = null;
    } catch (error) {
      this.error = toApiError(error);
    }
  }
}
