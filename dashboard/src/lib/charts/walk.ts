/** Where a key leads on a chart of `count` places from the one that is pointed at; undefined: that key leads nowhere. Pure. */
export function walkChart(key: string, pointed: number | null, count: number): number | undefined {
  const last = count - 1;
  const steps: Record<string, number> = {
    ArrowLeft: Math.max(0, (pointed ?? count) - 1),
    ArrowRight: Math.min(last, (pointed ?? last) + 1),
    Home: 0,
    End: last,
  };
  return steps[key];
}
