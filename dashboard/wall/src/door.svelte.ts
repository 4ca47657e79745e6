import type { WallSession, WallSnapshot } from '#contract/wall.ts';
import { ApiError, request, toApiError } from '#lib/api.ts';

export type Place = 'opening' | 'in' | 'no-token' | 'unknown' | 'revoked';

/** Milliseconds between two attempts at a server that does not answer. */
const firstPause = 1_000;
const longestPause = 20_000;

const sleep = (length: number) => new Promise((resolve) => setTimeout(resolve, length));

/**
 * Who this screen is. The token stays in the page's address (its fragment is sent to nobody) and is exchanged for a
 * cookie at the start and whenever the cookie is gone, for ever, until the server says that it opens nothing any more.
 */
export class Door {
  place = $state.raw<Place>('opening');
  screen = $state.raw<WallSession['screen'] | null>(null);
  /** Why it does not open yet, in one sentence. */
  reason = $state.raw<string | null>(null);
  readonly #token: string;
  #exchanging: Promise<boolean> | null = null;

  constructor(fragment: string) {
    this.#token = decodeURIComponent(fragment.replace(/^#/, ''));
    if (this.#token === '') this.place = 'no-token';
  }

  /** Resolves to true once the screen is let in, to false when it never will be. */
  open(): Promise<boolean> {
    this.#exchanging ??= this.#exchange().finally(() => (this.#exchanging = null));
    return this.#exchanging;
  }

  /** The screen's token opens nothing any more. */
  revoke(): void {
    this.place = 'revoked';
  }

  /** Reads all that is in scope; asks for a new cookie where the old one is gone. */
  async snapshot(signal: AbortSignal): Promise<WallSnapshot> {
    try {
      return await this.#read(signal);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 410) this.revoke();
      if (error.status !== 401 || !(await this.open())) throw error;
      return await this.#read(signal);
    }
  }

  #read(signal: AbortSignal): Promise<WallSnapshot> {
    const id = encodeURIComponent(this.screen?.id ?? '');
    return request<WallSnapshot>(`/api/wall?screen=${id}`, { signal, signsIn: true });
  }

  async #exchange(): Promise<boolean> {
    for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 2)) {
      if (this.place === 'no-token' || this.place === 'revoked') return false;
      try {
        const body = { token: this.#token };
        const call = { method: 'POST', body, signsIn: true } as const;
        const { screen } = await request<WallSession>('/api/wall/session', call);
        this.screen = screen;
        this.place = 'in';
        this.reason = null;
        return true;
      } catch (thrown) {
        const error = toApiError(thrown);
        if (error.status === 410) this.place = 'revoked';
        else if (error.status === 401 || error.status === 400) this.place = 'unknown';
        if (this.place === 'revoked' || this.place === 'unknown') return false;
        this.reason = error.message;
        // Screens that lost one server must not all come back in the same moment.
        const wait = Math.max(pause, (error.retryAfter ?? 0) * 1000);
        await sleep(wait * (0.5 + Math.random()));
      }
    }
  }
}
