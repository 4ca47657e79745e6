import { test } from 'uvu';
import { endAndStart } from './storm.ts';

// After twelve seconds every screen waits as long between two tries as after ten minutes: the longest there is.
test('200 screens have their walls again within 10 s after the server comes back', () =>
  endAndStart({ screens: 200, away: 12_000 }));

test.run();
