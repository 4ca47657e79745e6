/** Of the values given, those that are other than the present ones; null: none is. Pure. */
export function differencesOf<Row extends object, Change extends Partial<Row>>(
  row: Row,
  change: Change,
): Partial<Change> | null {
  const present = row as Record<string, unknown>;
  const others = Object.entries(change).filter(
    ([field, value]) => value !== undefined && value !== present[field],
  );
  return others.length === 0 ? null : (Object.fromEntries(others) as Partial<Change>);
}
