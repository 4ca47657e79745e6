import type { z } from 'zod';
import { type EditedInstance, type instanceChange, mostVendorTags } from '#contract/activity.ts';
import type { Instance, Tags } from '#domain/model.ts';
import { editTags, vendorTags } from '#domain/tags.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { saveFold } from '#server/save-fold.ts';
import { readClock } from '#server/store/clock.ts';
import type { InstanceKey } from '#server/store/instances.ts';
import { quote } from '#server/text.ts';
import type { InstanceDeps } from './desk.ts';
import { holdInstance, targetOf } from './hold-instance.ts';

type Change = z.output<typeof instanceChange>;

/**
 * Name and tags as the vendor gives them. Each edit is done to what holds at its turn, so that two people who edit
 * other tags at once lose nothing; one that changes nothing leaves no trace.
 * @throws AppError not_found; invalid, naming the field
 */
export async function changeInstance(
  { db, config, publish }: Pick<InstanceDeps, 'db' | 'config' | 'publish'>,
  by: By,
  key: InstanceKey,
  change: Change,
): Promise<EditedInstance> {
  refuseContradiction(change);
  const { after, news } = await db.transaction(async (tx) => {
    const before = await holdInstance(tx, key);
    const edited = edit(before, change);
    if (edited === before) return { after: before, news: null };
    const now = await readClock(tx);
    const saved = await saveFold(tx, [{ before, instance: edited, events: [] }], {
      now,
      zone: config.zone,
    });
    const details = describeEdit(before, edited);
    await audit(tx, by, { action: 'instance.changed', target: targetOf(edited), details });
    return { after: edited, news: saved };
  });
  if (news) publish(news);
  return present(after);
}

/** The same object if nothing changes. @throws AppError invalid */
function edit(instance: Instance, change: Change): Instance {
  const name = change.name === undefined ? instance.name : change.name;
  const tags = tagsAfter(instance.tags, change);
  if (name === instance.name && tags === instance.tags) return instance;
  return { ...instance, name, tags, revision: instance.revision + 1 };
}

function tagsAfter(tags: Tags, { setTags, removeTags }: Change): Tags {
  const set = new Map(Object.entries(setTags));
  const edited = editTags(tags, { set, remove: removeTags }, mostVendorTags);
  if ('tags' in edited) return edited.tags;
  if ('tooMany' in edited) {
    const message = `setTags: an instance has at most ${mostVendorTags} tags of the vendor’s.`;
    throw new AppError('invalid', message);
  }
  throw new AppError(
    'invalid',
    `removeTags: the tag ${quote(edited.reported)} is the instance’s own, which only its reports can leave out.`,
  );
}

/** @throws AppError invalid */
function refuseContradiction({ setTags, removeTags }: Change): void {
  const both = removeTags.find((name) => Object.hasOwn(setTags, name));
  if (both === undefined) return;
  throw new AppError('invalid', `removeTags: ${quote(both)} is to be set as well.`);
}

/** What the audit keeps: name and the vendor's tags, of those that are others now. */
function describeEdit(before: Instance, after: Instance): Record<string, unknown> {
  const [was, is] = [vendorTags(before.tags), vendorTags(after.tags)];
  const names = [...new Set([...was.keys(), ...is.keys()])].filter(
    (name) => was.get(name)?.[0] !== is.get(name)?.[0],
  );
  const pick = (tags: typeof was) =>
    Object.fromEntries(names.map((name) => [name, tags.get(name)?.[0] ?? null]));
  const renamed = before.name !== after.name;
  return {
    before: { ...(renamed && { name: before.name }), ...(names.length > 0 && { tags: pick(was) }) },
    after: { ...(renamed && { name: after.name }), ...(names.length > 0 && { tags: pick(is) }) },
  };
}

function present({ revision, name, tags }: Instance): EditedInstance {
  const valuesOf = (entries: Iterable<[string, Tags[string]]>) =>
    Object.fromEntries([...entries].map(([tag, [value]]) => [tag, value]));
  return {
    revision,
    name,
    tags: valuesOf(Object.entries(tags)),
    vendorTags: valuesOf(vendorTags(tags)),
  };
}
