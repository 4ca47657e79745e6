import sharp from 'sharp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AppDetails } from '#contract/catalog.ts';
import { ownerOf } from '../support/session.ts';
import { openDesk } from './desk.ts';

const desk = await openDesk();
const path = '/api/apps/acme/logo';
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 4, background: '#1f6feb' } });
const put = (bytes: Uint8Array) => desk.ask<AppDetails>('PUT', path, bytes);

const { cookie } = await ownerOf(desk.fresh.db);
const get = async (digest: string) =>
  desk.app.request(`${path}/${digest}`, { headers: { cookie } });

for (const format of ['png', 'jpeg', 'webp'] as const) {
  test(`a ${format} becomes a PNG that fits into 512 × 512`, async () => {
    const { status, body } = await put(await picture(1200, 600).toFormat(format).toBuffer());
    assert.is(status, 200);
    const answer = await get(body.logo!);
    assert.is(answer.headers.get('content-type'), 'image/png');
    assert.match(answer.headers.get('cache-control') ?? '', /immutable/);
    const { format: stored, width, height } = await sharp(await answer.arrayBuffer()).metadata();
    assert.equal([stored, width, height], ['png', 512, 256]);
  });
}

test('a small picture stays as small as it is, and what is hidden in it is not kept', async () => {
  const marked = await picture(32, 20)
    .png()
    .withExif({ IFD0: { Copyright: 'smuggled words' } })
    .toBuffer();
  const { body } = await put(Buffer.concat([marked, Buffer.from('<script>smuggled</script>')]));
  const stored = Buffer.from(await (await get(body.logo!)).arrayBuffer());
  assert.not.match(stored.toString('latin1'), /smuggled/);
  assert.is((await sharp(stored).metadata()).width, 32);
});

const png = await picture(64, 64).png().toBuffer();
const refused: [what: string, bytes: Uint8Array, status: number, sentence: string][] = [
  ['nothing', new Uint8Array(), 400, 'The logo must be a PNG, JPEG or WebP picture.'],
  [
    'an SVG',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    400,
    'The logo must be a PNG, JPEG or WebP picture.',
  ],
  [
    'a GIF',
    await picture(8, 8).gif().toBuffer(),
    400,
    'The logo must be a PNG, JPEG or WebP picture.',
  ],
  [
    'half a picture',
    png.subarray(0, png.length / 2),
    400,
    'The logo cannot be read: the file is damaged.',
  ],
  [
    'a PNG in name only',
    Buffer.concat([png.subarray(0, 8), Buffer.alloc(100)]),
    400,
    'The logo cannot be read: the file is damaged.',
  ],
  [
    'a bomb',
    await picture(6000, 5000).png().toBuffer(),
    400,
    'The logo must have at most 25 million pixels.',
  ],
  [
    'more than 2 MB',
    Buffer.concat([png, Buffer.alloc(2 * 1024 * 1024)]),
    413,
    'The body is larger than 2 MB.',
  ],
];
for (const [what, bytes, status, sentence] of refused) {
  test(`${what} is refused in one sentence, and the logo stays`, async () => {
    const before = (await desk.ask<AppDetails>('GET', '/api/apps/acme')).body;
    const answer = await put(bytes);
    assert.equal([answer.status, answer.message], [status, sentence]);
    assert.equal((await desk.ask<AppDetails>('GET', '/api/apps/acme')).body, before);
  });
}

test('a logo is removed, and its address is none any more', async () => {
  const { body } = await put(png);
  const { logo: digest } = body;
  assert.is((await desk.ask<AppDetails>('DELETE', path)).body.logo, null);
  assert.is((await get(digest!)).status, 404);
  assert.equal(await desk.deeds(2), [
    ['app.logo-changed', 'acme'],
    ['app.logo-changed', 'acme'],
  ]);
  assert.is((await desk.ask('PUT', '/api/apps/none/logo', png)).status, 404);
});

test.after(() => desk.close());
test.run();
