import { strict as assert } from 'node:assert';
import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import { openDatabase } from '#db/client.ts';
import { type Stage, openStage } from './stage.ts';

const count = 100_000;
const path = '/customers/geeglo/instances/very-long';
const test = suite<{ stage: Stage }>('an activity of 100,000 events');
test.before(async (context) => {
  const stage = (context.stage = await openStage());
  await stage.report({ instanceId: 'very-long', status: 'ready' });
  const { db, close } = await openDatabase({ databaseUrl: stage.databaseUrl, dataDir: '' });
  await db.execute(sql`
    insert into instance_events (instance, at, category, field, before, after, reporter)
    select i.id, now() - make_interval(mins => n), 'custom metrics', 'users', to_jsonb(n), to_jsonb(n + 1), 'api'
    from instances i, generate_series(1, ${count}) n where i.instance_id = 'very-long'`);
  await db.execute(sql`analyze instance_events`);
  await close();
});
test.after(({ stage }) => stage.close());

test('it is scrolled to its beginning while the page stays small', async ({ stage }) => {
  const page = await stage.open(path);
  await page.locator('a.event').first().waitFor();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const measure = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await devtools.send('Performance.getMetrics');
    const read = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
    return { heap: read('JSHeapUsedSize') / 2 ** 20, nodes: read('Nodes') };
  };
  /** In the page, so that thousands of steps take no thousand round trips. */
  const scrollUntil = (rows: number) =>
    page.evaluate(`new Promise((done) => {
      const list = document.querySelector('ol[aria-label^="Events"]');
      let [slowest, last] = [0, performance.now()];
      const step = () => {
        const now = performance.now();
        slowest = Math.max(slowest, now - last);
        last = now;
        scrollTo(0, document.body.scrollHeight);
        const end = list.querySelector('li:last-child');
        if (Number(end?.getAttribute('aria-posinset')) >= ${rows}) done(slowest);
        else requestAnimationFrame(step);
      };
      step();
    })`);

  await scrollUntil(1_000);
  const early = await measure();
  const began = Date.now();
  const slowest = await scrollUntil(count);
  const seconds = (Date.now() - began) / 1_000;
  const late = await measure();
  console.log(
    `heap ${early.heap.toFixed(1)} → ${late.heap.toFixed(1)} MB, nodes ${early.nodes} → ${late.nodes}, ` +
      `${seconds.toFixed(0)} s for ${count} events, slowest frame ${Number(slowest).toFixed(0)} ms`,
  );
  assert.ok(late.heap < early.heap + 12, `the heap grew by ${late.heap - early.heap} MB`);
  assert.ok(late.nodes < early.nodes * 1.5 + 500, `${late.nodes} nodes`);
  assert.ok((await page.locator('a.event').count()) < 80);

  await page.evaluate('scrollTo(0, 0)');
  await page.locator('li[aria-posinset="1"] a.event').waitFor();
  await page.context().close();
});

test.run();
