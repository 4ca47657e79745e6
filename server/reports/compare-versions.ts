/**
 * Orders version labels as people read them: runs of digits by their number, and a pre-release
 * (`1.2.0-beta.1`) before its release. Never says that two different labels are equal.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  return (
    compareParts(left.release, right.release) ||
    Number(left.pre === null) - Number(right.pre === null) ||
    compareParts(left.pre ?? [], right.pre ?? []) ||
    (a < b ? -1 : Number(a > b))
  );
}

function split(label: string): { release: string[]; pre: string[] | null } {
  const [core = '', ...rest] = label
    .replace(/^v(?=\d)/i, '')
    .replace(/\+.*$/, '')
    .split('-');
  return { release: parts(core), pre: rest.length > 0 ? parts(rest.join('-')) : null };
}

const parts = (text: string) => text.match(/\d+|[^\d.]+/g) ?? [];

function compareParts(left: string[], right: string[]): number {
  for (let n = 0; n < Math.max(left.length, right.length); n++) {
    const [a, b] = [left[n], right[n]];
    if (a === b) continue;
    if (a === undefined) return -1;
    if (b === undefined) return 1;
    const [digitsA, digitsB] = [/^\d/.test(a), /^\d/.test(b)];
    if (digitsA !== digitsB) return digitsA ? -1 : 1;
    const difference = digitsA ? compareNumbers(a, b) : a < b ? -1 : 1;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Any number of digits, so that dates and build numbers compare exactly. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || (left < right ? -1 : Number(left > right));
}
