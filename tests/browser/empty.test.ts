import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import { type Stage, openStage, rowOf } from './stage.ts';

const run = promisify(execFile);
const test = suite<{ stage: Stage }>('empty pages');
test.before(async (context) => {
  context.stage = await openStage();
});
test.after(({ stage }) => stage.close());

// The fleet first: it is empty only once. Its example is that of the first customer by name, Geeglo.
for (const path of ['/', '/customers/roamway']) {
  test(`the example on an empty ${path} works as it stands, and the instance appears`, async ({
    stage,
  }) => {
    const page = await stage.open(path);
    await page.getByRole('heading', { name: 'No instance has checked in yet' }).waitFor();
    await page.getByRole('button', { name: 'Show a working example' }).click();
    const line = await page.getByTestId('curl').innerText();
    const { stdout } = await run('sh', ['-c', `${line} --silent --fail-with-body`]);
    assert.match(stdout, /recorded/);
    await rowOf(page, 'my-firs').waitFor({ timeout: 5_000 });
    await page.context().close();
  });
}

test('a filter that nothing fits says so and can be taken back', async ({ stage }) => {
  const page = await stage.open('/?search=nowhere-to-be-found');
  await page.getByRole('heading', { name: 'No instance fits' }).waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await page.waitForURL(stage.server.url + '/');
  await page.context().close();
});

test('a customer and an instance that do not exist are said not to', async ({ stage }) => {
  const page = await stage.open('/customers/nobody');
  await page.getByRole('heading', { name: 'There is no such customer' }).waitFor();
  await page.goto(`${stage.server.url}/customers/geeglo/instances/none`);
  await page.getByRole('heading', { name: 'This customer has no such instance' }).waitFor();
  await page.goto(`${stage.server.url}/nowhere`);
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await page.context().close();
});

test.run();
