import { strict as assert } from 'node:assert';
import { eq } from 'drizzle-orm';
import { suite } from 'uvu';
import { openDatabase } from '#db/client.ts';
import { licenses } from '#db/schema.ts';
import { findGraveInBothThemes } from './axe.ts';
import { type Stage, customerRowOf as rowOf, openStage } from './stage.ts';

const test = suite<{ stage: Stage }>('accessibility of the list of customers');
test.before(async (context) => {
  context.stage = await openStage();
  const statuses = ['unavailable', 'ready'];
  await context.stage.report(
    ...statuses.map((status) => ({ instanceId: status, status, versionLabel: '1.0.0' })),
  );
});
test.after(({ stage }) => stage.close());

test('axe finds nothing serious: rows, an empty filter, a small screen', async ({ stage }) => {
  const other = await openDatabase({ databaseUrl: stage.databaseUrl, dataDir: '' }, { max: 1 });
  const soon = new Date(Date.now() + 5 * 86_400_000);
  await other.db
    .update(licenses)
    .set({ expiresAt: soon })
    .where(eq(licenses.customerId, 'roamway'));
  await other.close();
  const page = await stage.open('/customers?archived=true', { reducedMotion: 'reduce' });
  await rowOf(page, 'Roamway')
    .getByText(/Expires in/)
    .waitFor();
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.setViewportSize({ width: 390, height: 844 });
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.goto(`${stage.server.url}/customers?search=nobody`);
  await page.getByText('No customer fits').waitFor();
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.context().close();
});

test.run();
