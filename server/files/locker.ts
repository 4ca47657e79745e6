import { ERRORS, type Lock, type Locker, type RequestRelease } from '@tus/server';

/** Milliseconds that a request waits for the one before it on the same upload. */
const patience = 20_000;

interface Holder {
  letGo: RequestRelease;
  waiting: Set<() => void>;
}

/**
 * One request at a time on each upload, in this process. Whoever comes second has the first one end: it is the same
 * client, whose connection broke without the server's having noticed.
 */
export function createLocker(): Locker {
  const holders = new Map<string, Holder>();

  const turn = (holder: Holder, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        holder.waiting.delete(done);
        signal.removeEventListener('abort', refuse);
        resolve();
      };
      const refuse = () => {
        done();
        reject(Object.assign(new Error(ERRORS.ERR_LOCK_TIMEOUT.body), ERRORS.ERR_LOCK_TIMEOUT));
      };
      const timer = setTimeout(refuse, patience);
      signal.addEventListener('abort', refuse);
      holder.waiting.add(done);
    });

  const newLock = (id: string): Lock => ({
    async lock(signal, letGo) {
      for (let holder = holders.get(id); holder; holder = holders.get(id)) {
        const mine = turn(holder, signal);
        await holder.letGo();
        await mine;
      }
      holders.set(id, { letGo, waiting: new Set() });
    },
    unlock() {
      const holder = holders.get(id);
      holders.delete(id);
      for (const wake of holder?.waiting ?? []) wake();
      return Promise.resolve();
    },
  });
  return { newLock };
}
