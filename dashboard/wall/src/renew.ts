const noted = 'rollcall.wall.renewed';
/** Milliseconds for which one build is not loaded twice: a server that names one build and serves another. */
const patience = 10 * 60_000;
/** Milliseconds without a new problem that make a quiet moment, and after which it happens in any case. */
const quiet = 60_000;
const longest = 30 * 60_000;

export interface RenewInput {
  /** What the server runs; null: not heard yet. */
  build: string | null;
  mine: string;
  /** Milliseconds since the last new problem. */
  sinceProblem: number;
  /** Milliseconds since another build was first heard of. */
  sinceHeard: number;
  isFresh: boolean;
}

/** Whether now is the moment to load the page of a new build. Pure. */
export function isTimeToRenew(input: RenewInput): boolean {
  const { build, mine, sinceProblem, sinceHeard, isFresh } = input;
  if (build === null || build === mine || !isFresh) return false;
  return sinceProblem >= quiet || sinceHeard >= longest;
}

/** Loads the page anew, unless it was just loaded for the same build. */
export function renew(build: string, now: number): void {
  try {
    const [before, at] = (sessionStorage.getItem(noted) ?? '').split(' ');
    if (before === build && now - Number(at) < patience) return;
    sessionStorage.setItem(noted, `${build} ${now}`);
  } catch {
    // Without storage it cannot be told whether it was tried: the next visit of a person renews it.
    return;
  }
  location.reload();
}
