/** How a test file's process ended, and all that it wrote. */
export interface Ended {
  code: number | null;
  /** True: it was killed because it took too long. */
  overdue: boolean;
  output: string;
}

export interface Verdict {
  passed: number;
  failed: number;
  skipped: number;
  /** Why the file fails although none of its tests says so; null: nothing of that kind. */
  fault: string | null;
}

/** uvu alone is too kind: a file that never calls `run()` exits with 0, and one that hangs never ends. */
export function judge({ code, overdue, output }: Ended): Verdict {
  const totals = readCounts(output, 'Total');
  const total = totals[0] ?? 0;
  const passed = Math.min(readCounts(output, 'Passed')[0] ?? 0, total);
  const skipped = readCounts(output, 'Skipped')[0] ?? 0;
  const failed = total - passed;
  const fault = findFault(code, overdue, totals, skipped, failed);
  return { passed, failed: failed + (fault ? 1 : 0), skipped, fault };
}

function findFault(
  code: number | null,
  overdue: boolean,
  totals: number[],
  skipped: number,
  failed: number,
) {
  if (overdue && totals.length > 0)
    return 'its tests ended but its process did not: something is left open';
  if (overdue) return 'it took too long and was killed';
  if (totals.length > 1)
    return 'it ran more than once: call run() only after everything is registered';
  if (totals.length === 0 && code !== 0)
    return `it broke before its tests ended (exit code ${code})`;
  if (totals.length === 0 || (totals[0] === 0 && skipped === 0))
    return 'it ran no test: is test.run() missing?';
  if (code !== 0 && failed === 0) return `its tests passed but its process ended with ${code}`;
  return null;
}

function readCounts(output: string, label: string): number[] {
  return [...output.matchAll(new RegExp(`^  ${label}: +(\\d+)$`, 'gm'))].map((match) =>
    Number(match[1]),
  );
}
