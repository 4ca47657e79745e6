import { tagField } from './fields.ts';
import type { CheckIn, Door, InstanceEvent, Tags, Time } from './model.ts';

/** The vendor's own tags, without anything reports have said. A map, not an object: a tag may be called `__proto__`. */
export function vendorTags(tags: Tags): Map<string, Tags[string]> {
  const own = new Map<string, Tags[string]>();
  for (const [name, [value, by, covered]] of Object.entries(tags)) {
    const vendors = by === 'vendor' ? value : covered;
    if (vendors !== undefined) own.set(name, [vendors, 'vendor']);
  }
  return own;
}

/**
 * Tags after a report: it replaces those that reports have set, and covers a vendor's of the same name only by force.
 * The same object if nothing changes.
 */
export function applyTags(tags: Tags, said: NonNullable<CheckIn['tags']>): Tags {
  if (saysTheSame(tags, said.values)) return tags;
  const next = vendorTags(tags);
  for (const [name, value] of Object.entries(said.values)) {
    const vendors = next.get(name)?.[0];
    if (vendors === undefined) next.set(name, [value, 'report']);
    else if (said.force) next.set(name, [value, 'report', vendors]);
  }
  return sameTags(tags, next) ? tags : Object.fromEntries(next);
}

/** Whether all tags are a report's, and it says just those again: what nearly every report does. */
function saysTheSame(tags: Tags, values: Record<string, string>): boolean {
  let count = 0;
  for (const name in tags) {
    const [value, by, covered] = tags[name]!;
    if (by !== 'report' || covered !== undefined) return false;
    if (!Object.hasOwn(values, name) || values[name] !== value) return false;
    count += 1;
  }
  return count === Object.keys(values).length;
}

/** What an edit of the vendor's tags comes to, or why it cannot be done. */
export type EditedTags =
  | { tags: Tags }
  /** To be removed, but the report's own. */
  | { reported: string }
  | { tooMany: true };

/**
 * Tags after the vendor set and removed some of its own, one by one. A tag that a report forces keeps the report's value;
 * the vendor's is kept under it. The same object if nothing changes.
 * @param most tags that the vendor may have
 */
export function editTags(
  tags: Tags,
  edit: { set: ReadonlyMap<string, string>; remove: readonly string[] },
  most: number,
): EditedTags {
  const next = new Map(Object.entries(tags));
  for (const name of edit.remove) {
    const [value, by, covered] = next.get(name) ?? [];
    if (by === 'vendor') next.delete(name);
    else if (value !== undefined && covered !== undefined) next.set(name, [value, 'report']);
    else if (value !== undefined) return { reported: name };
  }
  for (const [name, value] of edit.set) {
    const known = next.get(name);
    const isForced = known?.[1] === 'report' && known[2] !== undefined;
    next.set(name, isForced ? [known[0], 'report', value] : [value, 'vendor']);
  }
  if (sameTags(tags, next)) return { tags };
  const edited = Object.fromEntries(next);
  if (vendorTags(edited).size > Math.max(most, vendorTags(tags).size)) return { tooMany: true };
  return { tags: edited };
}

function sameTags(tags: Tags, next: Map<string, Tags[string]>): boolean {
  const entries = Object.entries(tags);
  if (entries.length !== next.size) return false;
  return entries.every(([name, tag]) => {
    const other = next.get(name);
    return (
      other !== undefined &&
      tag.length === other.length &&
      tag.every((part, index) => part === other[index])
    );
  });
}

/** One event for each tag whose value differs. */
export function tagEvents(before: Tags, after: Tags, at: Time, reporter: Door): InstanceEvent[] {
  const valueIn = (tags: Tags, name: string) =>
    Object.hasOwn(tags, name) ? (tags[name]?.[0] ?? null) : null;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => valueIn(before, name) !== valueIn(after, name))
    .map((name) => ({
      at,
      category: 'infrastructure',
      field: tagField(name),
      before: valueIn(before, name),
      after: valueIn(after, name),
      reporter,
      receivedAt: null,
      unheardSince: null,
    }));
}
