import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CloudFileFault, loadRanges } from '#server/clouds/index.ts';
import { readRanges } from '#server/store/cloud-ranges.ts';
import { cloudRanges } from '#db/schema.ts';
import { freshDatabase } from '../support/database.ts';

const { db, close } = await freshDatabase();
const aws = (...networks: string[]) => ({
  name: 'ip-ranges.json',
  text: JSON.stringify({
    createDate: '2026-11-20-10-00-00',
    prefixes: networks.map((ip_prefix) => ({ ip_prefix, region: 'us-east-1' })),
  }),
});
const google = (...networks: string[]) => ({
  name: 'cloud.json',
  text: JSON.stringify({
    creationTime: '2026-11-21T00:00:00',
    prefixes: networks.map((ipv4Prefix) => ({ ipv4Prefix, scope: 'us-east1' })),
  }),
});
const stored = async () => (await readRanges(db)).map(({ network }) => network).sort();

test('files are taken with their names and dates, and take the place of their providers’ only', async () => {
  const loaded = await loadRanges(db, [aws('192.0.2.0/24'), google('198.51.100.0/24')]);
  assert.equal(loaded, [
    { name: 'ip-ranges.json', provider: 'aws', dated: '2026-11-20-10-00-00', ranges: 1 },
    { name: 'cloud.json', provider: 'gcp', dated: '2026-11-21T00:00:00', ranges: 1 },
  ]);
  const [row] = await db.select().from(cloudRanges).orderBy(cloudRanges.network);
  assert.equal(row, {
    network: '192.0.2.0/24',
    provider: 'aws',
    region: 'us-east-1',
    source: 'ip-ranges.json',
    dated: '2026-11-20-10-00-00',
  });
  await loadRanges(db, [aws('203.0.113.0/24')]);
  assert.equal(await stored(), ['198.51.100.0/24', '203.0.113.0/24']);
});

test('one file that is wrong, and nothing of any is taken', async () => {
  const before = await stored();
  const cases: [files: Parameters<typeof loadRanges>[1], words: RegExp][] = [
    [[aws('192.0.2.0/24'), { name: 'x.json', text: '{' }], /^x\.json is not valid JSON\.$/],
    [
      [google('203.0.113.0/24')],
      /^cloud\.json holds the network 203\.0\.113\.0\/24, which ip-ranges\.json/,
    ],
    [[aws('192.0.2.0/24'), google('192.0.2.9/24')], /^cloud\.json holds "192\.0\.2\.9\/24"/],
    [
      [aws('192.0.2.0/24'), google('192.0.2.0/24')],
      /^cloud\.json holds the network 192\.0\.2\.0\/24, which ip-ranges\.json/,
    ],
  ];
  for (const [files, words] of cases) {
    let message = '';
    await loadRanges(db, files).catch((error: unknown) => {
      assert.instance(error, CloudFileFault);
      message = (error as Error).message;
    });
    assert.match(message, words);
    assert.equal(await stored(), before);
  }
});

test.after(() => close());
test.run();
