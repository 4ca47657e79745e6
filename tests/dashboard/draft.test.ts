import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ApiError } from '#lib/api.ts';
import { settingsOf, toSettingsChange } from '#lib/catalog/app-settings.ts';
import { sortFault } from '#lib/catalog/save-draft.ts';
import { slugOf } from '#lib/catalog/slug-of.ts';
import { findTouched, reconcile } from '#lib/drafts.ts';
import { formatBytes } from '#lib/format/bytes.ts';

const app = {
  ...{ slug: 'acme', name: 'Acme', revision: 3, statusInformers: true, logo: null },
  ...{ helmRegistry: null, helmChart: 'acme', accentColor: null },
  ...{ installTemplate: null, airGapTemplate: '# Own\ntrue', channels: [] },
  defaultTemplates: { install: '# Install\ntrue', airGap: '# Air gap\ntrue' },
};

test('settings are typed with what stands in for null, and go back as null', () => {
  const typed = settingsOf(app);
  assert.is(typed.helmRegistry, '');
  assert.is(typed.installTemplate, '# Install\ntrue');
  assert.is(typed.airGapTemplate, '# Own\ntrue');
  const change = toSettingsChange(
    {
      ...{ revision: 3, name: ' Acme 2 ', helmChart: ' ', airGapTemplate: '# Air gap\ntrue' },
    },
    app,
  );
  assert.equal(change, { revision: 3, name: 'Acme 2', helmChart: null, airGapTemplate: null });
});

const begun = { name: 'Acme', features: ['gitops'], note: '' };
for (const [what, typed, present, follow, contended] of [
  ['nothing was typed', {}, { name: 'B' }, ['name', 'features', 'note'], []],
  ['others saved something else', { note: 'x' }, { name: 'B' }, ['name', 'features'], []],
  ['others saved the same field', { name: 'A' }, { name: 'B' }, ['features', 'note'], ['name']],
  ['others saved what was typed', { name: 'B' }, { name: 'B' }, ['features', 'note'], []],
  ['a list is typed', { features: [] }, { features: ['airgap'] }, ['name', 'note'], ['features']],
  ['a list is read anew', {}, { features: ['gitops'] }, ['name', 'features', 'note'], []],
] as const) {
  test(`what is typed stays and the rest follows: ${what}`, () => {
    const now = { ...begun, ...typed } as typeof begun;
    const found = reconcile(begun, now, { ...begun, ...present } as typeof begun);
    assert.equal(found, { follow: [...follow], contended: [...contended] });
    assert.equal(findTouched(begun, now), Object.keys(typed));
  });
}

test('the server’s sentence goes to the field that it names', () => {
  const fault = (message: string) =>
    sortFault(new ApiError(400, 'invalid', message), ['name', 'slug']);
  assert.equal(fault('name: must not be empty.'), { field: 'name', message: 'Must not be empty.' });
  assert.equal(fault('names: are others.'), { field: null, message: 'names: are others.' });
  assert.equal(fault('Something else.'), { field: null, message: 'Something else.' });
});

test('a slug is made of what a name has of letters and digits', () => {
  assert.is(slugOf('Növa: Désk & Co.'), 'nova-desk-co');
  assert.is(slugOf('漢字'), '');
});

test('a size is cut to one decimal of its largest unit', () => {
  const sizes = [0, 512, 1023, 1024, 1536, 2 * 1024 ** 3 - 1, 250 * 1024 ** 2, 5 * 1024 ** 5];
  assert.equal(sizes.map(formatBytes), [
    ...['0 bytes', '512 bytes', '1023 bytes', '1 KB', '1.5 KB', '1.9 GB', '250 MB', '5120 TB'],
  ]);
});

test.run();
