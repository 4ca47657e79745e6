import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { crashUnderLoad } from './crash.ts';

test('every answered check-in survives kill -9 of server, database and both under load', async () => {
  const answered = await crashUnderLoad(['server', 'database', 'both'], {
    connections: 16,
    forMs: 700,
  });
  assert.ok(answered > 100, `${answered} were answered`);
});

test.run();
