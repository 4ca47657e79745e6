import { test } from 'uvu';
import { endAndStart } from './storm.ts';

// Each asks thrice: to be connected, to watch, and for its wall. After minutes they come back over some five seconds, so that
// within one there is a fraction of that; all at once would be a stampede.
test('200 screens have their walls again within 10 s after the server was away for ten minutes', () =>
  endAndStart({ screens: 200, away: 10 * 60_000, mostPerScreen: 2 }));

test.run();
