/** One measured value, and what it is held to. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  target?: { most: number } | { least: number };
  /** What must be known to read it. */
  note?: string;
}

/** The value below which `share` of the values lie. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export const median = (values: number[]) => quantile(values, 0.5);

/** Whether the figure is as it should be; null: nothing is asked of it. */
export function isMet({ value, target }: Figure): boolean | null {
  if (!target) return null;
  return 'most' in target ? value <= target.most : value >= target.least;
}

/** Three significant digits, more only for large numbers. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

/** The figures as a table for a terminal. */
export function formatTable(figures: Figure[]): string {
  const rows = figures.map((figure) => {
    const met = isMet(figure);
    const { target, unit } = figure;
    return [
      figure.name,
      `${formatValue(figure.value)} ${unit}`,
      target
        ? 'most' in target
          ? `≤ ${formatValue(target.most)}`
          : `≥ ${formatValue(target.least)}`
        : '',
      met === null ? '' : met ? 'met' : 'missed',
      figure.note ?? '',
    ];
  });
  const heads = ['figure', 'measured', 'target', '', ''];
  const widths = heads.map((head, n) =>
    Math.max(head.length, ...rows.map((row) => row[n]!.length)),
  );
  const line = (row: string[]) =>
    row
      .map((cell, n) => (n === 1 || n === 2 ? cell.padStart(widths[n]!) : cell.padEnd(widths[n]!)))
      .join('  ')
      .trimEnd();
  return [line(heads), ...rows.map(line)].join('\n');
}
