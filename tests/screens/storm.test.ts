import { test } from 'uvu';
import { endAndStart } from './storm.ts';

test('20 screens have their walls again within 10 s after the server comes back', () =>
  endAndStart({ screens: 20, away: 1_500 }));

test.run();
