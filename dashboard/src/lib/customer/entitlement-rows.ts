import type { Scalar } from '#contract/instance.ts';
import type { CustomerReport } from '#contract/reports.ts';

export const valueTypes = ['String', 'Text', 'Integer', 'Boolean'] as const;
export type ValueType = (typeof valueTypes)[number];

/** An entitlement as it is typed. */
export interface EntitlementRow {
  /** Tells rows apart while their names are typed. */
  key: number;
  name: string;
  title: string;
  description: string;
  valueType: ValueType;
  /** Of a Boolean: "true" or "false". */
  value: string;
  isHidden: boolean;
}

export interface Entitlement {
  title: string;
  description?: string;
  value: Scalar;
  valueType: string;
  isHidden?: boolean;
}

let lastKey = 0;

export function newRow(): EntitlementRow {
  lastKey += 1;
  const empty = { name: '', title: '', description: '', value: '', isHidden: false };
  return { key: lastKey, ...empty, valueType: 'String' };
}

export function toRows(
  entitlements: CustomerReport['customer']['license']['entitlements'],
): EntitlementRow[] {
  return entitlements.map(({ value, valueType, ...rest }) => ({
    ...newRow(),
    ...rest,
    value: String(value ?? ''),
    valueType: valueTypes.find((type) => type === valueType) ?? 'String',
  }));
}

/** By name, in the order of the names, so that two of the same are written alike. */
export function fromRows(rows: readonly EntitlementRow[]): Record<string, Entitlement> {
  const named = rows.map((row): [string, Entitlement] => [
    row.name.trim(),
    {
      title: row.title,
      ...(row.description === '' ? {} : { description: row.description }),
      value: readValue(row),
      valueType: row.valueType,
      ...(row.isHidden ? { isHidden: true } : {}),
    },
  ]);
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function readValue({ valueType, value }: EntitlementRow): Scalar {
  if (valueType === 'Boolean') return value === 'true';
  // What is no number goes as it is: the server says what is wrong with it.
  return valueType === 'Integer' && /^-?\d+$/.test(value.trim()) ? Number(value) : value;
}

/** What the server cannot see any more once the rows are a map; null: nothing. */
export function findRowFault(
  rows: readonly EntitlementRow[],
): { key: number; message: string } | null {
  const seen = new Set<string>();
  for (const { key, name } of rows) {
    const trimmed = name.trim();
    if (trimmed === '') return { key, message: 'Enter a name, or remove the row.' };
    if (seen.has(trimmed)) return { key, message: `There are two entitlements named ${trimmed}.` };
    seen.add(trimmed);
  }
  return null;
}
