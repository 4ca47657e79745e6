import { tagField } from './fields.ts';
import type { CheckIn, Door, InstanceEvent, Tags, Time } from './model.ts';

/**
 * Tags after a report: it replaces those that reports have set, and a vendor's of the same name only by force.
 * The same object if nothing changes.
 */
export function applyTags(tags: Tags, said: NonNullable<CheckIn['tags']>): Tags {
  // A map, not an object: a tag may be called `__proto__`.
  const next = new Map(Object.entries(tags).filter(([, [, by]]) => by === 'vendor'));
  for (const [name, value] of Object.entries(said.values)) {
    if (said.force || !next.has(name)) next.set(name, [value, 'report']);
  }
  return sameTags(tags, next) ? tags : Object.fromEntries(next);
}

function sameTags(tags: Tags, next: Map<string, Tags[string]>): boolean {
  const entries = Object.entries(tags);
  if (entries.length !== next.size) return false;
  return entries.every(([name, [value, by]]) => {
    const other = next.get(name);
    return other !== undefined && other[0] === value && other[1] === by;
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
