import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { suite } from 'uvu';
import { findGraveInBothThemes } from './axe.ts';
import { type Stage, openStage, until } from './stage.ts';

const test = suite<{ stage: Stage; folder: string }>('files of a release');
test.before(async (context) => {
  context.stage = await openStage();
  context.folder = await mkdtemp(join(tmpdir(), 'rollcall-files-'));
});
test.after(async ({ stage, folder }) => {
  await rm(folder, { recursive: true });
  await stage.close();
});

const megabyte = 1024 ** 2;
const release = (page: Page) => page.getByRole('article', { name: '1.2.0' });

async function openApp(stage: Stage): Promise<Page> {
  const page = await stage.open('/apps/acme', { reducedMotion: 'reduce' });
  await release(page).waitFor();
  return page;
}

/** Chooses a file, and sends it as what it is taken for. */
async function add(page: Page, path: string): Promise<void> {
  await release(page).locator('input[type=file]').setInputFiles(path);
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
}

/** Bounds what the page can send, in bytes a second; -1: not. */
async function narrow(wire: CDPSession, uploadThroughput: number): Promise<void> {
  const rest = { offline: false, latency: 0, downloadThroughput: -1 };
  await wire.send('Network.emulateNetworkConditions', { ...rest, uploadThroughput });
}

test('a file is added and removed, and a taken name is refused in one sentence', async ({
  stage,
  folder,
}) => {
  const path = join(folder, 'notes.txt');
  await writeFile(path, 'some notes');
  const page = await openApp(stage);
  await release(page).locator('input[type=file]').setInputFiles(path);
  await page.getByRole('dialog', { name: 'Add a file to 1.2.0' }).waitFor();
  assert.equal(await page.getByLabel(/^notes\.txt/).inputValue(), 'file');
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await release(page).getByRole('link', { name: 'notes.txt' }).waitFor();
  await add(page, path);
  await release(page).getByText('The release has a file of this name already').waitFor();
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.getByRole('button', { name: 'Discard notes.txt' }).click();
  await page.getByRole('button', { name: 'Remove notes.txt' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await release(page).getByRole('link', { name: 'notes.txt' }).waitFor({ state: 'detached' });
  await page.context().close();
});

test('an upload pauses, and goes on where it was after the page was loaded anew', async ({
  stage,
  folder,
}) => {
  const path = join(folder, 'acme.airgap');
  await writeFile(path, randomBytes(48 * megabyte));
  const page = await openApp(stage);
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  await narrow(wire, 12 * megabyte);
  await add(page, path);
  await release(page).getByText('MB/s').waitFor();
  await page.getByRole('button', { name: 'Pause acme.airgap' }).click();
  await release(page)
    .getByText(/^Paused at/)
    .waitFor();
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await narrow(wire, -1);

  await page.reload();
  await release(page).getByText('goes on where it stopped').waitFor();
  const offsets: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
  });
  await add(page, path);
  await release(page).getByRole('link', { name: 'acme.airgap' }).waitFor();
  await release(page).getByText('Air gap bundle').waitFor();
  assert.ok(offsets[0]! > 0, `it began at ${offsets[0]}`);
  // The page learns of the file as it is taken; the browser forgets the upload when it is answered.
  await until(async () => (await page.evaluate('localStorage.length')) === 0);
  await page.context().close();
});

test.run();
