import type { Permission, SessionState } from '#contract/accounts.ts';
import { type ApiError, toApiError, whenUnauthorized } from '../api.ts';
import { onWake } from '../live/wake.ts';
import { accountApi } from './account-api.ts';
import { judgeGate } from './gate.ts';

const nobody = { state: 'signed-out', person: null, permissions: [] } as const;

/** Milliseconds until the server is asked again when it did not answer. */
const retryAfter = 3_000;

/** Who looks at the page, and what they may. */
class Session {
  current = $state.raw<SessionState | null>(null);
  error = $state.raw<ApiError | null>(null);
  /** Who is signed in, or was until the session ended by itself: what they typed is kept for them. */
  person = $state.raw<SessionState['person']>(null);
  /** A demo's visitor is being signed in. */
  entering = $state(false);
  readonly gate = $derived(judgeGate(this.current, this.person !== null, this.error !== null));
  /** As long as `person` is: a page must not come apart, and lose what was typed, because the session has ended. */
  #permissions = $state.raw<readonly Permission[]>([]);
  #asking: Promise<void> | null = null;

  may(permission: Permission): boolean {
    return this.#permissions.includes(permission);
  }

  /** Asks who is there, and again until there is an answer. `entersDemo`: a demo's visitor is signed in at once. */
  start(entersDemo: boolean): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    this.entering = entersDemo;
    const ask = async () => {
      await this.check();
      if (this.current === null) timer = setTimeout(ask, retryAfter);
      else if (entersDemo && this.current.demo && this.gate === 'out') {
        // Where it is not allowed, the sign-in page says so.
        await this.enterDemo().catch(() => {});
      }
      if (this.current !== null) this.entering = false;
    };
    void ask();
    whenUnauthorized(() => void this.check());
    // Somebody may have signed in, or finished set-up, in another tab.
    const offWake = onWake(() => {
      if (this.gate !== 'in') void this.check();
    });
    return () => {
      clearTimeout(timer);
      offWake();
      whenUnauthorized(() => {});
    };
  }

  /** Asks the server who is there. True: somebody is signed in, or was when it last answered. */
  async check(): Promise<boolean> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    await this.#asking;
    return this.gate === 'in';
  }

  async signIn(email: string, password: string): Promise<void> {
    await accountApi.signIn(email, password);
    await this.#ask();
  }

  async enterDemo(): Promise<void> {
    await accountApi.signInToDemo();
    await this.#ask();
  }

  async setUp(owner: Parameters<typeof accountApi.setUp>[0]): Promise<void> {
    await accountApi.setUp(owner);
    await this.#ask();
  }

  async signOut(): Promise<void> {
    await accountApi.signOut();
    this.leave();
  }

  /** After the session was ended on purpose: nothing of it stays on the page. */
  leave(): void {
    this.person = null;
    this.#permissions = [];
    this.current = { ...nobody, permissions: [], demo: this.current?.demo ?? false };
  }

  async #ask(): Promise<void> {
    try {
      const session = await accountApi.session();
      this.current = session;
      this.error = null;
      if (session.person !== null) {
        this.person = session.person;
        this.#permissions = session.permissions;
      }
    } catch (error) {
      this.error = toApiError(error);
    }
  }
}

export const session = new Session();
