import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openFiles } from '#server/files/index.ts';
import { removeOrphans } from '#server/files/remove.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { freshDatabase } from '../support/database.ts';
import { silentLog } from '../support/spine.ts';
import { tokenOf } from '../support/session.ts';
import { made, messageOf, metadataOf, release, sha256, someBytes, tusClient } from './tus.ts';

interface Context {
  house: TestApp;
  client: ReturnType<typeof tusClient>;
  token: { authorization: string };
}
const test = suite<Context>('uploads');
test.before(async (context) => {
  context.house = await openApp();
  const { app, fresh } = context.house;
  context.token = await tokenOf(fresh.db, 'write');
  context.client = tusClient(async (path, init) => app.request(path, init), context.token);
});
test.after(({ house }) => house.close());

const listFiles = (house: TestApp) => readdir(join(house.dataDir, 'files'));
const listUploads = (house: TestApp) => readdir(join(house.dataDir, 'uploads'));
const at = (answer: Response) => answer.headers.get('location') ?? '';

test('one request with the whole file makes it a file of the release, on disk with its SHA-256', async ({
  house,
  client,
}) => {
  const body = someBytes(300_000);
  const file = await made(await client.whole('bundle.airgap', body, 'airgap'));
  const { id: _, uploadedAt: __, ...rest } = file;
  assert.equal(rest, {
    name: 'bundle.airgap',
    kind: 'airgap',
    size: 300_000,
    sha256: sha256(body),
    uploadedBy: 'To write',
  });
  const [stored] = await listFiles(house);
  assert.equal(await readFile(join(house.dataDir, 'files', stored!)), body);
  assert.equal(await listUploads(house), []);
  const [audited] = await house.fresh.db.execute<{ action: string; target_name: string }>(
    sql`select action, target_name from audit_entries order by id desc limit 1`,
  );
  assert.equal({ ...audited }, { action: 'file.uploaded', target_name: 'bundle.airgap' });
});

test('a file in parts: each says how far it came, and the last one finishes it', async ({
  client,
}) => {
  const body = someBytes(1000);
  const begun = await client.begin({ name: 'parts.txt', size: 1000 });
  assert.is(begun.status, 201);
  assert.match(at(begun), new RegExp(`^${release}/[0-9a-f-]{36}$`));
  assert.ok(begun.headers.get('upload-expires'));
  assert.is((await client.head(at(begun))).headers.get('upload-offset'), '0');
  const first = await client.send(at(begun), 0, body.subarray(0, 400));
  assert.is(first.status, 204);
  assert.is(first.headers.get('upload-offset'), '400');
  assert.is(first.headers.get('access-control-allow-origin'), null);
  const wrong = await client.send(at(begun), 300, body.subarray(300));
  assert.is(wrong.status, 409);
  assert.match(await messageOf(wrong), /another length by now/);
  assert.is((await client.head(at(begun))).headers.get('upload-offset'), '400');
  assert.is((await client.send(at(begun), 400, body.subarray(400))).status, 204);
});

test('who lost the last answer is told, when asking again, that nothing is missing', async ({
  client,
}) => {
  const begun = await client.begin({ name: 'lost-answer.txt', size: 3 });
  await client.send(at(begun), 0, someBytes(3));
  const head = await client.head(at(begun));
  assert.is(head.status, 200);
  assert.is(head.headers.get('upload-offset'), '3');
  assert.is(head.headers.get('upload-length'), '3');
  assert.is((await client.send(at(begun), 3, someBytes(0))).status, 204);
  assert.is((await client.discard(at(begun))).status, 409);
});

const refusals: [what: string, asked: object, status: number, words: RegExp][] = [
  ['a name that is taken', { name: 'bundle.airgap' }, 409, /a file of this name already/],
  ['a slash', { name: 'a/b' }, 400, /^name: must hold neither slashes nor control characters\.$/],
  ['a backslash', { name: 'a\\b' }, 400, /slashes/],
  ['a line break', { name: 'a\nb' }, 400, /control characters/],
  ['a NUL', { name: 'a\0b' }, 400, /control characters/],
  ['a dot at the beginning', { name: '.htaccess' }, 400, /must not begin with a dot/],
  ['two dots', { name: '..' }, 400, /must not begin with a dot/],
  ['a name of 201 letters', { name: 'x'.repeat(201) }, 400, /at most 200 characters/],
  ['an empty name', { name: '' }, 400, /^name: /],
  ['a kind that is none', { kind: 'virus' }, 400, /^kind: must be one of airgap, file\.$/],
  ['an empty file', { size: 0 }, 400, /^The file is empty\.$/],
  ['no length', { size: '' }, 400, /Upload-Length/],
  ['more than 50 GB', { size: 50 * 1024 ** 3 + 1 }, 413, /^A file may have 50 GB at most\.$/],
  ['a negative length', { size: -1 }, 400, /Upload-Length/],
];
for (const [what, asked, status, words] of refusals) {
  test(`refused before anything is sent, and nothing is kept: ${what}`, async ({
    house,
    client,
  }) => {
    const answer = await client.begin({ name: 'fine.txt', size: 10, ...asked });
    assert.is(answer.status, status);
    assert.match(await messageOf(answer), words);
    assert.equal(await listUploads(house), []);
  });
}

test('names of all the world’s letters are kept as they are', async ({ client }) => {
  const name = 'Ünïcødé – 日本語 🚀 (final) [v2]\'".tar.gz';
  assert.is((await made(await client.whole(name, someBytes(5)))).name, name);
});

test('the release must be there', async ({ client }) => {
  for (const to of ['acme/releases/99', 'nowhere/releases/13', 'acme/releases/x']) {
    const answer = await client.begin({ name: 'a', size: 1 }, `/api/apps/${to}/files`);
    assert.is(answer.status, 404, to);
  }
});

test('a request of another protocol is told which one is spoken here', async ({ house, token }) => {
  const headers = { ...token, 'upload-length': '4', 'upload-metadata': metadataOf('x.txt') };
  const answer = await house.app.request(release, { method: 'POST', headers });
  assert.is(answer.status, 412);
  assert.match(await messageOf(answer), /Tus-Resumable must be 1\.0\.0/);
});

test('an upload belongs to its release, and is not found under another', async ({ client }) => {
  const location = at(await client.begin({ name: 'of-13.txt', size: 10 }));
  const elsewhere = location.replace('/13/', '/12/');
  assert.is((await client.head(elsewhere)).status, 404);
  assert.is((await client.send(elsewhere, 0, someBytes(10))).status, 404);
  assert.is((await client.discard(elsewhere)).status, 404);
  assert.is((await client.discard(location)).status, 204);
  assert.is((await client.head(location)).status, 404);
  for (const id of ['x', '..%2f..%2fetc%2fpasswd', '%00', '00000000-0000-0000-0000-000000000000'])
    assert.is((await client.head(`${release}/${id}`)).status, 404, id);
});

test('more than was said is refused', async ({ client }) => {
  const location = at(await client.begin({ name: 'more.txt', size: 10 }));
  const answer = await client.send(location, 0, someBytes(11));
  assert.is(answer.status, 413);
  assert.is((await client.discard(location)).status, 204);
});

test('of two uploads of one name the first to finish has it', async ({ house, client }) => {
  const [one, two] = [
    at(await client.begin({ name: 'race.txt', size: 10 })),
    at(await client.begin({ name: 'race.txt', size: 10 })),
  ];
  assert.is((await client.send(one, 0, someBytes(10))).status, 204);
  const before = (await listFiles(house)).length;
  const late = await client.send(two, 0, someBytes(10));
  assert.is(late.status, 409);
  assert.match(await messageOf(late), /a file of this name already/);
  assert.is((await listFiles(house)).length, before);
  assert.equal(await listUploads(house), []);
});

test('no more than fifty are under way at once', async ({ client }) => {
  const begun: string[] = [];
  for (let n = 0; n < 50; n += 1)
    begun.push(at(await client.begin({ name: `many-${n}.txt`, size: 10 })));
  const answer = await client.begin({ name: 'one-more.txt', size: 10 });
  assert.is(answer.status, 429);
  assert.match(await messageOf(answer), /^50 uploads are under way/);
  for (const location of begun) await client.discard(location);
  assert.is((await client.begin({ name: 'one-more.txt', size: 10 })).status, 201);
});

test('an upload is given up two days after it began, and not before', async ({ house, client }) => {
  const { dataDir, fresh } = house;
  const location = at(await client.begin({ name: 'old.txt', size: 10 }));
  const young = at(await client.begin({ name: 'young.txt', size: 10 }));
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  const age = async (place: string, hours: number) => {
    const path = join(dataDir, 'uploads', `${place.split('/').pop()}.json`);
    await utimes(path, hoursAgo(hours), hoursAgo(hours));
  };
  await age(location, 49);
  await age(young, 47);
  const again = await openFiles({ db: fresh.db, config: { dataDir }, log: silentLog });
  again.close();
  assert.is((await client.head(location)).status, 404);
  assert.is((await client.head(young)).status, 200);
});

test('a removed file leaves the list, the disk and a note in the audit', async ({
  house,
  client,
  token,
}) => {
  const file = await made(await client.whole('short-lived.txt', someBytes(10)));
  const before = (await listFiles(house)).length;
  const path = `/api/files/${file.id}`;
  assert.is((await house.app.request(path, { method: 'DELETE', headers: token })).status, 204);
  assert.is((await listFiles(house)).length, before - 1);
  assert.is((await house.app.request(`${path}/content`, { headers: token })).status, 404);
  assert.is((await house.app.request(path, { method: 'DELETE', headers: token })).status, 404);
  const [audited] = await house.fresh.db.execute<{ action: string }>(
    sql`select action from audit_entries order by id desc limit 1`,
  );
  assert.is(audited?.action, 'file.removed');
});

test('contents without a file go at a start once they are a day old; others stay', async ({
  house,
}) => {
  const { dataDir, fresh } = house;
  const before = await listFiles(house);
  const orphan = join(dataDir, 'files', '00000000-0000-4000-8000-000000000000');
  await writeFile(orphan, 'lost');
  const folders = { files: join(dataDir, 'files'), uploads: join(dataDir, 'uploads') };
  const start = (at: number) => removeOrphans({ db: fresh.db, folders, log: silentLog }, at);
  await start(Date.now() + 23 * 3_600_000);
  assert.is((await listFiles(house)).length, before.length + 1, 'it may be on its way in');
  const other = await freshDatabase();
  await removeOrphans({ db: other.db, folders, log: silentLog }, Date.now() + 25 * 3_600_000);
  await other.close();
  assert.is((await listFiles(house)).length, before.length + 1, 'of another database');
  await start(Date.now() + 25 * 3_600_000);
  assert.equal(await listFiles(house), before);
  assert.is((await stat(join(dataDir, 'files'))).mode & 0o777, 0o700);
  assert.is((await stat(join(dataDir, 'uploads'))).mode & 0o777, 0o700);
});

test.run();
