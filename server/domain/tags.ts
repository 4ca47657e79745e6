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
  const next = vendorTags(tags);
  for (const [name, value] of Object.entries(said.values)) {
    const vendors = next.get(name)?.[0];
    if (vendors === undefined) next.set(name, [value, 'report']);
    else if (said.force) next.set(name, [value, 'report', vendors]);
  }
  return sameTags(tags, next) ? tags : Object.fromEntries(next);
}

function sameTags(tags: Tags, next: Map<string, Tags[string]>): boolean {
  const entries = Object.entries(tags);
  if (entries.length !== next.size) return false;
  return entries.every(([name, tag]) => {
    const other = next.get(name);
    return other !== undefined && tag.every((part, index) => part === other[index]);
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
