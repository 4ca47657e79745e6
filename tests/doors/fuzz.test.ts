import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fuzz } from './fuzz.ts';

test('no header, address or body makes the server fail: 500 arbitrary requests', async () => {
  assert.ok((await fuzz(500)) > 400);
});

test.run();
