import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { auditEntries } from '#db/schema.ts';
import type { EditedInstance } from '#contract/activity.ts';
import type { InstanceReport } from '#contract/reports.ts';
import { openOffice } from '../customers/office.ts';
import { licenseIds } from '../support/fleet.ts';

const office = await openOffice();
const { db } = office.fresh;
const path = (instanceId: string) => `/api/customers/geeglo/instances/${instanceId}`;
const change = (instanceId: string, body: object) =>
  office.ask<EditedInstance>('PATCH', path(instanceId), body);
const row = async (instanceId: string) =>
  (await office.ask<InstanceReport>('GET', path(instanceId))).body.row;

/** A new instance that says these tags. */
async function seen(instanceId: string, tags?: Record<string, string>): Promise<void> {
  const report = { instanceId, status: 'ready', tags };
  assert.is(await office.checkIn(licenseIds.geeglo, report), 200);
}

test('an instance gets a name and tags, which every list shows, and the audit notes', async () => {
  await seen('one', { region: 'eu' });
  const { revision } = await row('one');
  office.changes.length = 0;
  const { status, body } = await change('one', {
    name: '  Production ',
    setTags: { env: 'prod', region: 'us' },
  });
  assert.is(status, 200);
  const tags = { env: 'prod', region: 'us' };
  assert.equal(body, { revision: revision + 1, name: 'Production', tags, vendorTags: tags });
  const shown = await row('one');
  assert.equal([shown.name, shown.tags, shown.vendorTags], ['Production', tags, tags]);
  assert.is(shown.revision, body.revision);
  assert.equal(
    office.changes.map(({ changed }) => changed),
    [[{ id: shown.id, customerId: 'geeglo' }]],
    'and it is published once',
  );
  const note = await office.lastNote();
  assert.is(note?.action, 'instance.changed');
  assert.is(note?.targetId, 'geeglo/one');
  assert.equal(note?.details, {
    before: { name: null, tags: { env: null, region: null } },
    after: { name: 'Production', tags },
  });
});

test('a report keeps the vendor’s tags and replaces its own, and the two are told apart', async () => {
  await seen('merged', { own: '1' });
  await change('merged', { setTags: { env: 'prod' } });
  await seen('merged', { env: 'dev', other: '2' });
  const shown = await row('merged');
  assert.equal(shown.tags, { env: 'prod', other: '2' });
  assert.equal(shown.vendorTags, { env: 'prod' });
  assert.is((await change('merged', { removeTags: ['env'] })).status, 200);
  assert.equal((await row('merged')).vendorTags, {});
});

test('what changes nothing leaves no trace', async () => {
  await seen('same');
  await change('same', { name: 'Same', setTags: { env: 'prod' } });
  const [{ revision }, notes] = [await row('same'), await db.$count(auditEntries)];
  office.changes.length = 0;
  const edits = [{}, { name: 'Same' }, { setTags: { env: 'prod' } }, { removeTags: ['gone'] }];
  for (const edit of edits) assert.is((await change('same', edit)).body.revision, revision);
  assert.is(await db.$count(auditEntries), notes);
  assert.equal(office.changes, []);
});

test('an empty name takes the name away', async () => {
  await seen('named');
  await change('named', { name: 'Named' });
  assert.is((await change('named', { setTags: { a: '1' } })).body.name, 'Named');
  assert.is((await change('named', { name: ' ' })).body.name, null);
});

test('people and reports that edit at the same moment lose nothing', async () => {
  await seen('busy', { own: '0' });
  const { revision } = await row('busy');
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
  const answers = await Promise.all([
    ...names.map(
      async (name) => (await change('busy', { setTags: { [name]: `of ${name}` } })).status,
    ),
    ...[1, 2, 3].map((own) =>
      office.checkIn(licenseIds.geeglo, { instanceId: 'busy', tags: { own: String(own) } }),
    ),
    change('busy', { name: 'Busy' }).then(({ status }) => status),
  ]);
  assert.equal([...new Set(answers)], [200]);
  const shown = await row('busy');
  assert.equal(shown.vendorTags, Object.fromEntries(names.map((name) => [name, `of ${name}`])));
  assert.is(Object.keys(shown.tags).length, 11);
  assert.is(shown.name, 'Busy');
  assert.ok(shown.revision >= revision + 11);
});

test('of two people who give the eleventh tag at once none does', async () => {
  await seen('full');
  const nine = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`t${n}`, '']));
  await change('full', { setTags: nine });
  const answers = await Promise.all(
    ['x', 'y', 'z'].map((name) => change('full', { setTags: { [name]: '1' } })),
  );
  assert.equal(answers.map(({ status }) => status).sort(), [200, 400, 400]);
  const refused = answers.find(({ status }) => status === 400);
  assert.is(refused?.message, 'setTags: an instance has at most 10 tags of the vendor’s.');
  assert.is(Object.keys((await row('full')).vendorTags).length, 10);
});

test('what is wrong is said in one sentence that names the field, and nothing is changed', async () => {
  await seen('strict', { own: 'x' });
  const before = await row('strict');
  const cases: [unknown, RegExp][] = [
    [{ name: 'x'.repeat(101) }, /^name: must be at most 100 characters long\.$/],
    [{ name: 'a\0b' }, /^name: must be text that can be stored\.$/],
    [{ name: 5 }, /^name: must be text/],
    [{ label: 'x' }, /^unknown field "label"\.$/],
    [{ setTags: { ' a': 'x' } }, /^setTags\[" a"\]: must be text without spaces at its ends\.$/],
    [{ setTags: { a: 'x'.repeat(201) } }, /^setTags\.a: must be at most 200 characters long\.$/],
    [{ setTags: { a: 1 } }, /^setTags\.a: must be text/],
    [{ setTags: { constructor: 'x' } }, /^setTags\.constructor: is no name that a tag can have\.$/],
    [
      JSON.parse('{ "setTags": { "__proto__": "x" } }'),
      /^setTags\.__proto__: is no name that a tag can have\.$/,
    ],
    [{ setTags: { a: '1' }, removeTags: ['a'] }, /^removeTags: "a" is to be set as well\.$/],
    [{ removeTags: ['own'] }, /^removeTags: the tag "own" is the instance’s own/],
    [{ removeTags: 'own' }, /^removeTags: must be a list\.$/],
  ];
  for (const [body, words] of cases) {
    const { status, message } = await change('strict', body as object);
    assert.is(status, 400, JSON.stringify(body));
    assert.match(message, words);
  }
  const after = await row('strict');
  assert.equal([after.revision, after.tags, after.name], [before.revision, before.tags, null]);
});

test('what is unknown is not found', async () => {
  assert.is((await change('nowhere', { name: 'x' })).status, 404);
  assert.is((await change('a%00b', { name: 'x' })).status, 404);
  const other = '/api/customers/lapsed/instances/one';
  assert.is((await office.ask('PATCH', other, { name: 'x' })).status, 404, 'of another customer');
});

test.after(() => office.close());
test.run();
