import { test } from 'uvu';
import { endAndStart } from './storm.ts';

test('200 screens have their walls again within 10 s after the server was away for ten minutes', () =>
  endAndStart({ screens: 200, away: 10 * 60_000 }));

test.run();
