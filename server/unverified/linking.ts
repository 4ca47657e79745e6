import type { Change } from '#server/live/publisher.ts';
import { forgetUnclaimed } from '#server/store/anonymous-reports.ts';
import type { UnverifiedDeps } from './desk.ts';
import { keptDays } from './limits.ts';
import { linkReports } from './link-reports.ts';

const every = 30_000;

export interface Linking {
  /** There may be something to link. */
  wake(): void;
  /** A check-in has named the installation it comes from. */
  notice(change: Change): void;
  close(): Promise<void>;
}

/**
 * Links what can be linked, at once where something points to it and every 30 s in any case: a report and the check-in
 * that claims it may not have seen each other. Forgets what is too old. May run in every process.
 */
export function startLinking(deps: UnverifiedDeps): Linking {
  let closed = false;
  let again = false;
  let running: Promise<void> | null = null;

  async function run() {
    while (again && !closed) {
      again = false;
      try {
        while (!closed && (await linkReports(deps)) > 0);
        await forgetUnclaimed(deps.db, keptDays);
      } catch (error) {
        deps.log.warn(
          { err: error },
          'unverified reports could not be linked; the next round does',
        );
      }
    }
  }
  const wake = () => {
    again = true;
    running ??= run().finally(() => (running = null));
  };

  wake();
  const timer = setInterval(wake, every);
  return {
    wake,
    notice({ events }) {
      if (events.some(({ field }) => field === 'kotsInstallId')) wake();
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}
