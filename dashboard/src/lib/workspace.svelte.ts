import type { Workspace } from '#contract/reports.ts';
import { api } from './api.ts';

/** What holds for the whole installation; fetched once, and again until it is here. */
class WorkspaceState {
  current = $state.raw<Workspace | null>(null);

  /** Starts fetching; returns how to stop. */
  load(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const attempt = async () => {
      try {
        this.current = await api.workspace();
      } catch {
        // The page itself says that the server cannot be reached.
        if (!stopped) timer = setTimeout(attempt, 5000);
      }
    };
    void attempt();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }
}

export const workspace = new WorkspaceState();
