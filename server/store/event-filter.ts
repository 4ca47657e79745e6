import { type SQL, sql } from 'drizzle-orm';
import type { ActivityQuery } from '#contract/activity.ts';
import { findFields, squash } from '#domain/find-fields.ts';
import { textSearch } from './text-search.ts';

/** Conditions on when an event `e` was. */
export function writeSpan({ after, before }: ActivityQuery): SQL[] {
  const conditions: SQL[] = [];
  if (after !== undefined) conditions.push(sql`e.at >= ${after}::timestamptz`);
  if (before !== undefined) conditions.push(sql`e.at < ${before}::timestamptz`);
  return conditions;
}

/** Conditions on what an event `e` is, which no index helps with. */
export function writeFilter({ types, text }: ActivityQuery): SQL[] {
  const conditions: SQL[] = [];
  if (types.length > 0) conditions.push(sql`e.category = any(${sql.param(types)}::text[])`);
  if (text !== '') conditions.push(findText(text));
  return conditions;
}

function findText(text: string): SQL {
  const find = textSearch(text);
  const places = [
    find(sql`e.field`),
    find(sql`e.after #>> '{}'`),
    find(sql`e.before #>> '{}'`),
    // A metric may bear the name of a field, and means something else.
    sql`(e.category <> 'custom metrics' and e.field = any(${sql.param(findFields(text))}::text[]))`,
  ];
  // "Num projects" is what people read for `numProjects` and `num_projects`.
  const name = squash(text);
  if (name !== '' && name !== text.toLowerCase())
    places.push(find(sql`translate(e.field, ' _:-', '')`, name));
  return sql`(${sql.join(places, sql` or `)})`;
}
