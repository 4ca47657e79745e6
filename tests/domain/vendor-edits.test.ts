import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { archive, restore } from '#domain/archive.ts';
import { detectChanges } from '#domain/changes.ts';
import type { Tags } from '#domain/model.ts';
import { applyTags, editTags, vendorTags } from '#domain/tags.ts';
import { checkInOf, day, instanceOf, on, start, tell, worldAt } from './build.ts';

const edit = (tags: Tags, set: Record<string, string>, remove: string[] = [], most = 10) =>
  editTags(tags, { set: new Map(Object.entries(set)), remove }, most);

test('the vendor’s tags are set and removed one by one, over a report’s of the same name', () => {
  const tags: Tags = { env: ['dev', 'report'], tier: ['1', 'vendor'], old: ['x', 'vendor'] };
  assert.equal(edit(tags, { env: 'prod', site: 'a' }, ['old']), {
    tags: { env: ['prod', 'vendor'], tier: ['1', 'vendor'], site: ['a', 'vendor'] },
  });
});

test('under a tag that a report forces the vendor’s value is changed and removed', () => {
  const forced: Tags = { env: ['dev', 'report', 'prod'] };
  assert.equal(edit(forced, { env: 'test' }), { tags: { env: ['dev', 'report', 'test'] } });
  assert.equal(edit(forced, {}, ['env']), { tags: { env: ['dev', 'report'] } });
});

test('the same tags again are the same object, and so is the removal of one that is not there', () => {
  const tags: Tags = { env: ['prod', 'vendor'], own: ['x', 'report'] };
  const same = edit(tags, { env: 'prod' }, ['gone']);
  assert.ok('tags' in same && same.tags === tags);
});

test('a report’s own tag cannot be removed, and there are at most so many of the vendor’s', () => {
  assert.equal(edit({ own: ['x', 'report'] }, {}, ['own']), { reported: 'own' });
  const full: Tags = { a: ['1', 'vendor'], b: ['2', 'report', '2'], c: ['3', 'report'] };
  assert.equal(edit(full, { d: '4' }, [], 2), { tooMany: true });
  assert.equal(edit(full, { c: '4' }, [], 2), { tooMany: true });
  assert.ok('tags' in edit(full, { a: '5' }, [], 2));
  assert.ok('tags' in edit(full, { d: '4' }, ['a'], 2));
});

test('edits of other tags, and reports, come to the same in any order', () => {
  const value = fc.constantFrom('1', '2', '3');
  const mine = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value);
  const yours = fc.dictionary(fc.constantFrom('d', 'e', 'f'), value);
  const said = fc.record({
    force: fc.boolean(),
    values: fc.dictionary(fc.constantFrom('a', 'd', 'x'), value),
  });
  const set = (tags: Tags, values: Record<string, string>) => {
    const edited = edit(tags, values);
    if (!('tags' in edited)) throw new Error('refused');
    return edited.tags;
  };
  fc.assert(
    fc.property(mine, yours, said, (a, b, report) => {
      const one = applyTags(set(set({}, a), b), report);
      const other = applyTags(set(set({}, b), a), report);
      const last = applyTags(set(applyTags(set({}, b), report), a), report);
      const sorted = (tags: Tags) => Object.entries(tags).sort(([x], [y]) => (x < y ? -1 : 1));
      assert.equal(sorted(other), sorted(one));
      assert.equal(sorted(last), sorted(one));
      const own = Object.fromEntries([...vendorTags(one)].map(([name, [text]]) => [name, text]));
      assert.equal(own, { ...a, ...b });
    }),
  );
});

const silent = () =>
  detectChanges(instanceOf(), checkInOf({ status: 'ready', channelSequence: 5 }), worldAt(start))
    .instance;

test('what time did to an instance until it is archived is on record, and nothing after', () => {
  const before = silent();
  const late = archive(before, worldAt(on(3, '00:00')));
  assert.equal(tell(late.events), ['presence: active → inactive']);
  assert.is(late.events[0]?.at, start + day);
  assert.is(late.instance.archivedAt, on(3, '00:00'));
  assert.is(late.instance.revision, before.revision + 1);

  const again = archive(late.instance, worldAt(on(4, '00:00')));
  assert.is(again.instance, late.instance);
  assert.not.ok(again.changed);
});

test('a restored instance was silent all the same, and knows what was promoted meanwhile', () => {
  const { instance } = archive(silent(), worldAt(on(1, '01:00')));
  const world = worldAt(on(3, '00:00'), { release: () => ({ versionLabel: '5.0', behind: 2 }) });
  const restored = restore(instance, world);
  assert.equal(tell(restored.events), ['presence: active → inactive', 'versionsBehind: 0 → 2']);
  assert.is(restored.events[0]?.at, start + day);
  assert.is(restored.instance.archivedAt, null);
  assert.is(restored.instance.revision, instance.revision + 1);
  assert.not.ok(restore(restored.instance, world).changed);

  const soon = restore(instance, worldAt(on(1, '02:00')));
  assert.equal(soon.events, []);
  assert.is(soon.instance.revision, instance.revision + 1);
});

test.run();
