import { test } from 'uvu';
import { endAndStart } from './storm.ts';

// Who was away so briefly waits a second at most, so that all may come within one: thrice for the way back (to be connected, to
// watch, for the wall), and once or twice more, where something moved meanwhile. A screen that asks without a pause asks hundreds.
test('20 screens have their walls again within 10 s after the server comes back', () =>
  endAndStart({ screens: 20, away: 1_500, mostPerScreen: 5 }));

test.run();
